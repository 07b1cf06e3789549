# The function's source: a folder, a zip, an object.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "folder" {
  assert {
    condition     = length(data.archive_file.bundle) == 1 && endswith(data.archive_file.bundle[0].output_path, "/.terraform/my-project-europe-west1-lro-cancel-bundle.zip")
    error_message = "A folder is archived, in a file of this deployment alone."
  }
}

run "zip" {
  variables {
    bundle = { zip = "./tests/fixtures/bundle.zip", sha256 = "a9b31ac10dfd2d19a76072d89facc93b4af33122d5444b6f4bfc53c9f73db083" }
  }
  assert {
    condition     = length(data.archive_file.bundle) == 0
    error_message = "No archive is written where a zip is given."
  }
  assert {
    condition = (
      google_storage_bucket_object.bundle[0].source == "./tests/fixtures/bundle.zip" &&
      google_storage_bucket_object.bundle[0].name == "lro-cancel-${filesha256("./tests/fixtures/bundle.zip")}.zip"
    )
    error_message = "The zip is uploaded under its checksum."
  }
}

run "object" {
  variables {
    bundle = { gcs = { bucket = "releases", object = "lro-cancel-0.1.0.zip" } }
  }
  assert {
    condition     = length(data.archive_file.bundle) + length(google_storage_bucket.bundles) + length(google_storage_bucket_object.bundle) == 0
    error_message = "No archive, no bucket and no object are made where an object is given."
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.build_config[0].source[0].storage_source[0].bucket == "releases" &&
      google_cloudfunctions2_function.this.build_config[0].source[0].storage_source[0].object == "lro-cancel-0.1.0.zip"
    )
    error_message = "The function is built from the given object."
  }
}
