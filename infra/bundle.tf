# The source of the function: a folder that is archived here, a zip that exists, or an object in Cloud Storage.

locals {
  bundle = {
    dir = one(concat(
      [for folder in [try(var.bundle.dir, null)] : tostring(folder) if folder != null],
      [for field in ["dir"] : "${path.module}/../dist" if alltrue([for source in ["dir", "zip", "gcs"] : try(var.bundle[source], null) == null])],
    ))
    zip    = tostring(try(var.bundle.zip, null))
    gcs    = try(var.bundle.gcs, null)
    sha256 = tostring(try(var.bundle.sha256, null))
  }

  # From the files themselves and not from the archive, so that it is known when a plan is made even where `depends_on`
  # on this module defers its data sources.
  bundle_hash = (
    local.bundle.zip != null ? try(filesha256(local.bundle.zip), "") :
    local.bundle.dir != null ? sha256(jsonencode({
      for file in fileset(local.bundle.dir, "**") : file => filesha256("${local.bundle.dir}/${file}")
    })) : ""
  )

  # The archive of this deployment alone: the same configuration can have several.
  archive_path = "${path.root}/.terraform/${var.project_id}-${var.region}-${local.name}-bundle.zip"

  bundle_object = (
    local.bundle.gcs != null ?
    local.bundle.gcs :
    { bucket = one(google_storage_bucket.bundles[*].name), object = one(google_storage_bucket_object.bundle[*].name) }
  )
}

# The folder that `npm run build` makes. Nothing is archived where a zip or an object is given: a plan that one machine
# makes and another applies needs no file of the first.
data "archive_file" "bundle" {
  count       = local.bundle.dir == null ? 0 : 1
  type        = "zip"
  source_dir  = local.bundle.dir
  output_path = local.archive_path
  # The same bundle makes the same archive, regardless of the umask of the build.
  output_file_mode = "0644"

  lifecycle {
    precondition {
      condition     = fileexists("${local.bundle.dir}/index.js")
      error_message = "There is no bundle in ${local.bundle.dir}: run `npm ci && npm run build` in the repository, or name a release's zip in bundle = { zip = … }."
    }
  }
}

resource "google_storage_bucket" "bundles" {
  count                       = local.bundle.gcs == null ? 1 : 0
  project                     = var.project_id
  name                        = coalesce(var.bucket_name, "${var.project_id}-${local.name}-bundles")
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [time_sleep.apis]
}

# The name has the hash of the content: the function is deployed again only if the name changes.
resource "google_storage_bucket_object" "bundle" {
  count  = local.bundle.gcs == null ? 1 : 0
  bucket = google_storage_bucket.bundles[0].name
  name   = "${local.name}-${local.bundle_hash}.zip"
  source = local.bundle.zip != null ? local.bundle.zip : data.archive_file.bundle[0].output_path

  lifecycle {
    # The old archive stays until the function has the new one.
    create_before_destroy = true

    precondition {
      condition     = local.bundle.zip == null || local.bundle_hash != ""
      error_message = "There is no file ${coalesce(local.bundle.zip, "-")}: bundle.zip is the path of a release's zip."
    }
    precondition {
      condition     = local.bundle.sha256 == null || local.bundle_hash == local.bundle.sha256
      error_message = "The zip's SHA-256 is ${local.bundle_hash}, and bundle.sha256 is ${coalesce(local.bundle.sha256, "-")}."
    }
  }
}
