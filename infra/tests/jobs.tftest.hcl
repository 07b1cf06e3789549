# Grants for jobs, the setting that allows them, and sweeps over them.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "one_kind" {
  variables {
    services = { aiplatform = { jobs = ["customJobs"] } }
  }
  assert {
    condition = { for project, role in google_project_iam_custom_role.operations : project => role.permissions } == {
      own = toset(["aiplatform.customJobs.cancel", "aiplatform.customJobs.get", "aiplatform.customJobs.list"])
    }
    error_message = "A kind has its three permissions, and neither those of operations nor those of other kinds."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_JOBS == "aiplatform.customJobs"
    error_message = "The function may cancel the kinds that it has permissions for."
  }
  assert {
    condition     = length(google_project_iam_member.function_has_role) == 0
    error_message = "No predefined role is granted for a kind whose permissions are known."
  }
  assert {
    condition     = output.publish_command == "gcloud pubsub topics publish projects/my-project/topics/lro-cancel-requests --message='{\"dryRun\":true,\"job\":\"JOB\",\"requestId\":\"first\"}'"
    error_message = "Where there are only jobs, the command names one."
  }
}

run "no_jobs_by_default" {
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this.service_config[0].environment_variables), "ALLOWED_JOBS")
    error_message = "No job may be cancelled unless services names its kind."
  }
}

run "all_kinds_of_a_service" {
  variables {
    services = { dataproc = { jobs = ["*"] } }
  }
  assert {
    condition = google_project_iam_custom_role.operations["own"].permissions == toset([
      "dataproc.batches.cancel", "dataproc.batches.get", "dataproc.batches.list", "dataproc.jobs.cancel",
      "dataproc.jobs.get", "dataproc.jobs.list", "dataproc.operations.cancel", "dataproc.operations.get",
    ])
    error_message = "\"*\" stands for all kinds but those that have to be named, and a batch is cancelled by its operation."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_JOBS == "dataproc"
    error_message = "A service alone allows all of its kinds but those that have to be named."
  }
}

run "a_kind_that_has_to_be_named" {
  variables {
    services = { dataproc = { jobs = ["*", "sessions"] } }
  }
  assert {
    condition     = contains(google_project_iam_custom_role.operations["own"].permissions, "dataproc.sessions.terminate")
    error_message = "A kind that is named is granted."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_JOBS == "dataproc,dataproc.sessions"
    error_message = "The setting names the kind in full."
  }
}

# The permissions of each kind are compared with those of the catalog by test/infra/jobs.test.ts.
run "permissions_that_are_not_of_the_usual_names" {
  variables {
    services = {
      bigquery           = { jobs = ["jobs"] }
      cloudbuild         = { jobs = ["builds"] }
      compute            = { jobs = ["resizeRequests"] }
      dataform           = { jobs = ["workflowInvocations"] }
      dlp                = { jobs = ["dlpJobs"] }
      run                = { jobs = ["executions"] }
      workflowexecutions = { jobs = ["executions"] }
    }
  }
  assert {
    condition = google_project_iam_custom_role.operations["own"].permissions == toset([
      "bigquery.jobs.get", "bigquery.jobs.list", "bigquery.jobs.listAll", "bigquery.jobs.update",
      "cloudbuild.builds.get", "cloudbuild.builds.list", "cloudbuild.builds.update",
      "compute.instanceGroupManagers.get", "compute.instanceGroupManagers.list", "compute.instanceGroupManagers.update",
      "dataform.repositories.list", "dataform.workflowInvocations.cancel", "dataform.workflowInvocations.get", "dataform.workflowInvocations.list",
      "dlp.jobs.cancel", "dlp.jobs.get", "dlp.jobs.list",
      "run.executions.cancel", "run.executions.get", "run.executions.list", "run.jobs.run",
      "workflows.executions.cancel", "workflows.executions.get", "workflows.executions.list", "workflows.workflows.list",
    ])
    error_message = "Kinds have the permissions that Google documents, and those to list what contains them."
  }
  assert {
    condition     = contains(keys(google_project_service.required), "workflows.googleapis.com")
    error_message = "The API that lists workflows is enabled."
  }
}

run "operations_and_jobs" {
  variables {
    services = {
      dataproc  = { jobs = ["jobs"], operations = true }
      notebooks = {}
    }
  }
  assert {
    condition = google_project_iam_custom_role.operations["own"].permissions == toset(concat(
      [for verb in ["cancel", "get", "list"] : "dataproc.jobs.${verb}"],
      [for verb in ["cancel", "get", "list"] : "dataproc.operations.${verb}"],
      [for verb in ["cancel", "get", "list"] : "notebooks.operations.${verb}"],
    ))
    error_message = "Operations are granted beside jobs where the entry says so."
  }
  assert {
    condition     = strcontains(output.publish_command, "\"operation\":")
    error_message = "Where there are operations, the command names one."
  }
}

run "jobs_with_a_role" {
  variables {
    allowed_projects = ["training-eu", "training-us"]
    services         = { batch = { jobs = ["jobs"], roles = ["roles/batch.jobsEditor"] } }
  }
  assert {
    condition = (
      google_project_iam_custom_role.operations["training-eu"].permissions == toset(["batch.jobs.get", "batch.jobs.list"]) &&
      { for grant in values(google_project_iam_member.function_has_role) : grant.project => grant.role } == {
        training-eu = "roles/batch.jobsEditor", training-us = "roles/batch.jobsEditor",
      }
    )
    error_message = "A role that is named is granted beside the permissions that are known, in each project."
  }
}

run "jobs_with_a_permission" {
  variables {
    services = { batch = { jobs = ["jobs"], permissions = ["batch.jobs.delete"] } }
  }
  assert {
    condition     = google_project_iam_custom_role.operations["own"].permissions == toset(["batch.jobs.delete", "batch.jobs.get", "batch.jobs.list"])
    error_message = "A permission that is named is added to those that are known."
  }
}

run "settings_of_a_sweep_over_jobs" {
  variables {
    services = { aiplatform = { jobs = ["*"] }, dataflow = { jobs = ["jobs"] } }
    sweeps = {
      stop = {
        dry_run = false
        targets = [
          { service = "aiplatform", jobs = ["customJobs", "pipelineJobs"], parents = ["projects/my-project/locations/us-central1"], exclude = { "labels.keep" = ["true"] } },
          { service = "dataflow", jobs = ["*"], parents = ["projects/my-project/locations/-"] },
        ]
      }
    }
  }
  assert {
    condition = jsondecode(google_cloudfunctions2_function.this.service_config[0].environment_variables.SWEEPS).stop == {
      dryRun = false
      targets = [
        { service = "aiplatform", jobs = ["customJobs", "pipelineJobs"], parents = ["projects/my-project/locations/us-central1"], exclude = { "labels.keep" = ["true"] } },
        { service = "dataflow", jobs = ["*"], parents = ["projects/my-project/locations/-"] },
      ]
    }
    error_message = "A sweep over jobs has the form that the function reads."
  }
}

run "kind_that_is_unknown" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["customJob"] } }
  }
  expect_failures = [var.services]
}

run "kind_with_its_service" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["aiplatform.customJobs"] } }
  }
  expect_failures = [var.services]
}

run "jobs_of_a_service_without_any" {
  command = plan
  variables {
    services = { notebooks = { jobs = ["*"] } }
  }
  expect_failures = [var.services]
}

run "all_kinds_where_each_has_to_be_named" {
  command = plan
  variables {
    services = { clouddeploy = { jobs = ["*"] } }
  }
  expect_failures = [var.services]
}

run "jobs_of_unpublished_permission" {
  command = plan
  variables {
    services = { batch = { jobs = ["jobs"] } }
  }
  expect_failures = [var.services]
}

run "all_jobs_of_unpublished_permission" {
  command = plan
  variables {
    services = { batch = { jobs = ["*"] } }
  }
  expect_failures = [var.services]
}

run "migrations_of_unpublished_permission" {
  command = plan
  variables {
    services = { vmmigration = { jobs = ["cloneJobs", "diskMigrationJobs"] } }
  }
  expect_failures = [var.services]
}

run "jobs_as_a_text" {
  command = plan
  variables {
    services = { dataflow = { jobs = "jobs" } }
  }
  expect_failures = [var.services]
}

run "operations_as_yes" {
  command = plan
  variables {
    services = { dataproc = { jobs = ["jobs"], operations = "yes" } }
  }
  expect_failures = [var.services]
}

run "operations_of_unknown_permission_beside_jobs" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["customJobs"], operations = true } }
  }
  expect_failures = [var.services]
}

run "sweep_over_a_kind_without_a_grant" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["customJobs"] } }
    sweeps   = { stop = { targets = [{ service = "aiplatform", jobs = ["pipelineJobs"], parents = ["projects/my-project/locations/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_all_kinds_where_one_is_granted" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["customJobs"] } }
    sweeps   = { stop = { targets = [{ service = "aiplatform", jobs = ["*"], parents = ["projects/my-project/locations/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_that_are_not_known" {
  command = plan
  variables {
    services = { notebooks = {} }
    sweeps   = { stop = { targets = [{ service = "notebooks", jobs = ["*"], parents = ["projects/my-project/locations/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_operations_of_a_service_with_jobs_alone" {
  command = plan
  variables {
    services = { dataproc = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataproc", parents = ["projects/my-project/regions/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_without_a_list" {
  command = plan
  variables {
    services = { testing = { jobs = ["testMatrices"] } }
    sweeps   = { stop = { targets = [{ service = "testing", jobs = ["testMatrices"], parents = ["projects/my-project"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_without_parents" {
  command = plan
  variables {
    services = { dataflow = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataflow", jobs = ["jobs"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_of_no_kind" {
  command = plan
  variables {
    services = { dataflow = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataflow", jobs = [], parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_of_all_locations_where_none_lists_them" {
  command = plan
  variables {
    services = { aiplatform = { jobs = ["customJobs"] } }
    sweeps   = { stop = { targets = [{ service = "aiplatform", jobs = ["customJobs"], parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_of_all_regions" {
  command = plan
  variables {
    services = { dataproc = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataproc", jobs = ["jobs"], parents = ["projects/my-project/regions/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_over_jobs_of_another_project" {
  command = plan
  variables {
    services = { dataflow = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataflow", jobs = ["jobs"], parents = ["projects/another/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_with_jobs_as_a_text" {
  command = plan
  variables {
    services = { dataflow = { jobs = ["jobs"] } }
    sweeps   = { stop = { targets = [{ service = "dataflow", jobs = "jobs", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}
