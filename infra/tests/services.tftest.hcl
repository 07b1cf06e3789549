# Grants of the function in the projects whose operations it cancels.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "by_googles_rule" {
  assert {
    condition = { for project, role in google_project_iam_custom_role.operations : project => role.permissions } == {
      own = toset(["notebooks.operations.cancel", "notebooks.operations.get", "notebooks.operations.list"])
    }
    error_message = "A service has the three permissions for its operations, in the own project, and no other."
  }
  assert {
    condition     = google_project_iam_custom_role.operations["own"].role_id == "lro_cancel_my_project"
    error_message = "The custom role is named after this deployment, so that another may have its own in the same project."
  }
  assert {
    condition = (
      keys(google_project_iam_member.function_cancels) == ["own"] &&
      google_project_iam_member.function_cancels["own"].role == google_project_iam_custom_role.operations["own"].name &&
      google_project_iam_member.function_cancels["own"].member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "The function has the custom role in its own project."
  }
  assert {
    condition     = length(google_project_iam_member.function_has_role) == 0
    error_message = "The function has no predefined role if the custom role is enough."
  }
}

run "in_each_allowed_project" {
  variables {
    allowed_projects = ["training-eu", "training-us"]
    services         = { aiplatform = { roles = ["roles/aiplatform.user"] }, notebooks = {} }
  }
  assert {
    condition = (
      keys(google_project_iam_custom_role.operations) == ["training-eu", "training-us"] &&
      { for key, grant in google_project_iam_member.function_cancels : key => grant.project } == { training-eu = "training-eu", training-us = "training-us" }
    )
    error_message = "The custom role is created and granted in each allowed project, and only there."
  }
  assert {
    condition = { for grant in values(google_project_iam_member.function_has_role) : grant.project => "${grant.role} ${grant.member}" } == {
      for project in ["training-eu", "training-us"] : project => "roles/aiplatform.user serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    }
    error_message = "A predefined role is granted in each allowed project."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_PROJECTS == "training-eu,210987654321,training-us,210987654321"
    error_message = "The policy lists each project by id and by number."
  }
}

run "known_exceptions" {
  variables {
    services = { cloudchannel = {}, firestore = {}, spanner = {}, storage = {}, translate = {} }
  }
  assert {
    condition = google_project_iam_custom_role.operations["own"].permissions == setunion(
      [for verb in ["cancel", "get", "list"] : "cloudtranslate.operations.${verb}"],
      [for verb in ["cancel", "get", "list"] : "datastore.operations.${verb}"],
      [for verb in ["cancel", "get", "list"] : "storage.bucketOperations.${verb}"],
      [for pair in setproduct(["backup", "database", "instance", "instanceConfig", "instancePartition"], ["cancel", "get", "list"]) :
      "spanner.${pair[0]}Operations.${pair[1]}"],
    )
    error_message = "Services whose permissions have other names get those, and cloudchannel, which has no permissions, gets none."
  }
}

run "no_permissions_no_role" {
  variables {
    services = { cloudchannel = {} }
  }
  assert {
    condition     = length(google_project_iam_custom_role.operations) == 0 && length(google_project_iam_member.function_cancels) == 0
    error_message = "There is no custom role without permissions, because Google refuses one."
  }
}

run "as_somebody_says" {
  variables {
    services = {
      batch      = { permissions = ["batch.jobs.get"] }
      dialogflow = { roles = ["roles/dialogflow.admin"] }
      notebooks  = { permissions = [] }
    }
  }
  assert {
    condition     = google_project_iam_custom_role.operations["own"].permissions == toset(["batch.jobs.get"])
    error_message = "The permissions of an entry replace the known ones."
  }
  assert {
    condition     = values(google_project_iam_member.function_has_role)[*].role == ["roles/dialogflow.admin"]
    error_message = "The roles of an entry are granted unchanged."
  }
}

run "apis" {
  assert {
    condition = length(setsubtract([
      "cloudfunctions.googleapis.com", "cloudtasks.googleapis.com", "notebooks.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com",
    ], keys(google_project_service.required))) == 0
    error_message = "The APIs of the module and of the services are enabled."
  }
  assert {
    condition     = alltrue([for api in google_project_service.required : api.disable_on_destroy == false])
    error_message = "Destroying the module does not disable APIs that others may use."
  }
  assert {
    condition = length(setintersection(keys(google_project_service.required), [
      "billingbudgets.googleapis.com", "cloudscheduler.googleapis.com", "iamcredentials.googleapis.com",
    ])) == 0
    error_message = "APIs of features that are not used are not enabled."
  }
}

run "apis_of_others" {
  variables {
    enable_apis = false
  }
  assert {
    condition     = length(google_project_service.required) == 0
    error_message = "Without enable_apis the module enables no API."
  }
}
