# Grants of the function in the projects whose operations and jobs it cancels: to cancel, get and list those of the
# services in var.services, and of no others. jobs.tf has the permissions of jobs.

locals {
  # Services whose permissions do not have the usual names.
  # Source: https://cloud.google.com/iam/docs/roles-permissions
  known_permissions = {
    firestore = [for verb in local.verbs : "datastore.operations.${verb}"]
    storage   = [for verb in local.verbs : "storage.bucketOperations.${verb}"]
    translate = [for verb in local.verbs : "cloudtranslate.operations.${verb}"]
    spanner = flatten([
      for kind in ["backup", "database", "instance", "instanceConfig", "instancePartition"] :
      [for verb in local.verbs : "spanner.${kind}Operations.${verb}"]
    ])

    # These do not use IAM: cloudchannel and vault use delegated_subject, the others have roles of their own.
    androidmanagement = []
    checks            = []
    chromemanagement  = []
    cloudchannel      = []
    deepreview        = []
    vault             = []
  }

  # Services without `{service}.operations.cancel`, or without get or list, in any role that Google publishes. The
  # permission that they require is not documented, so var.services has to name it.
  undocumented_services = [
    # Vertex AI has no permission for operations: cancelling one requires that of the method that started it
    # (https://cloud.google.com/vertex-ai/docs/general/iam-permissions).
    "aiplatform",
    "accesscontextmanager", "artifactregistry", "auditmanager", "baremetalsolution", "batch", "bigqueryreservation",
    "cloudbuild", "cloudscheduler", "cloudshell", "container", "datacatalog", "datalineage", "dialogflow",
    "discoveryengine", "dns", "documentai", "firebaseappdistribution", "firebasehosting", "firebaseml", "pubsublite",
    "rapidmigrationassessment", "remotebuildexecution", "runtimeconfig", "securitycenter", "securityposture",
    "serviceconsumermanagement", "serviceusage", "sqladmin", "texttospeech", "tpu", "videointelligence", "vision",
    "webrisk", "workstations",
  ]

  verbs = ["cancel", "get", "list"]

  services = { for service, access in var.services : service => merge(
    { for field in ["jobs", "permissions", "roles"] : field => one([
      for entries in [try(access[field], null)] : [for entry in entries : tostring(entry)] if entries != null
    ]) },
    # Whether the entry says so or says nothing else: what it names replaces all exceptions for it here.
    { operations = coalesce(
      try(tobool(access.operations), null),
      alltrue([for field in ["jobs", "permissions", "roles"] : try(access[field], null) == null]),
    ) },
  ) }

  service_permissions = { for service, access in local.services : service => concat(
    access.permissions == null ? [] : access.permissions,
    access.operations ? lookup(local.known_permissions, service, [for verb in local.verbs : "${service}.operations.${verb}"]) : [],
    flatten([for kind in local.service_job_kinds[service] : lookup(local.job_permissions, kind, [])]),
  ) }
  service_roles = { for service, access in local.services : service => access.roles == null ? [] : access.roles }

  permissions = toset(flatten(values(local.service_permissions)))
  project_roles = { for pair in setproduct(keys(local.target_projects), toset(flatten(values(local.service_roles)))) :
    "${pair[0]} ${pair[1]}" => { project = pair[0], role = pair[1] }
  }

  # The role with the permissions: one that exists, or one that is made in each project. The id names the project of this
  # deployment, so that two deployments can share a target, and an id that was deleted can be left behind.
  makes_role = length(local.permissions) > 0 && !contains(keys(var.custom_role), "name")
  role_id = (
    contains(keys(var.custom_role), "id") ?
    var.custom_role.id :
    replace("${local.name}_${var.project_id}", "-", "_")
  )
}

# A custom role for the permissions, because the smallest predefined roles with most of them can also change the
# resources of the operations, and create jobs. A custom role belongs to one project, so each project has its own.
resource "google_project_iam_custom_role" "operations" {
  for_each    = { for key, project in local.target_projects : key => project if local.makes_role }
  project     = each.value
  role_id     = local.role_id
  title       = "${local.name}: operations"
  description = "Permissions that ${local.name} in ${var.project_id} needs to cancel operations and jobs, and to see how they end."
  permissions = local.permissions
  depends_on  = [time_sleep.apis]
}

# To cancel operations and jobs, and to see how they end.
resource "google_project_iam_member" "function_cancels" {
  for_each = { for key, project in local.target_projects : key => project if length(local.permissions) > 0 }
  project  = each.value
  role     = local.makes_role ? google_project_iam_custom_role.operations[each.key].name : var.custom_role.name
  member   = local.members.function
}

# The same, for services that require a predefined role.
resource "google_project_iam_member" "function_has_role" {
  for_each = local.project_roles
  project  = local.target_projects[each.value.project]
  role     = each.value.role
  member   = local.members.function
}
