# Kinds of jobs, of docs/jobs.md, with the permissions that cancelling one requires: to cancel it, to get it, because only
# a GET shows how it ended, and to list it, for sweeps. Each is smaller than the smallest predefined role for the kind.
# Source: https://cloud.google.com/iam/docs/roles-permissions

locals {
  job_permissions = merge(
    # One permission for each method.
    { for kind, prefix in {
      # Not roles/aiplatform.user, which can also create, nor roles/aiplatform.admin, which can cancel purchases.
      "aiplatform.batchPredictionJobs"      = "aiplatform.batchPredictionJobs"
      "aiplatform.customJobs"               = "aiplatform.customJobs"
      "aiplatform.dataLabelingJobs"         = "aiplatform.dataLabelingJobs"
      "aiplatform.evaluationRuns"           = "aiplatform.evaluationRuns"
      "aiplatform.hyperparameterTuningJobs" = "aiplatform.hyperparameterTuningJobs"
      "aiplatform.nasJobs"                  = "aiplatform.nasJobs"
      "aiplatform.pipelineJobs"             = "aiplatform.pipelineJobs"
      "aiplatform.trainingPipelines"        = "aiplatform.trainingPipelines"
      "aiplatform.tuningJobs"               = "aiplatform.tuningJobs"
      "clouddeploy.automationRuns"          = "clouddeploy.automationRuns"
      "clouddeploy.rollouts"                = "clouddeploy.rollouts"
      "dataflow.jobs"                       = "dataflow.jobs"
      "dataplex.metadataJobs"               = "dataplex.metadataJobs"
      "dataproc.jobs"                       = "dataproc.jobs"
      "dlp.dlpJobs"                         = "dlp.jobs"
      "integrations.executions"             = "integrations.executions"
      "ml.jobs"                             = "ml.jobs"
      "storagebatchoperations.jobs"         = "storagebatchoperations.jobs"
      "testing.deviceSessions"              = "cloudtestservice.devicesession"
      "vmmigration.imageImportJobs"         = "vmmigration.imageImportJobs"
    } : kind => [for verb in local.verbs : "${prefix}.${verb}"] },
    {
      # No role has a permission to cancel: services has to name it, or roles/batch.jobsEditor.
      "batch.jobs" = ["batch.jobs.get", "batch.jobs.list"]
      # Cancelling a job of another is an update. With list alone, lists show the jobs of others without their content.
      "bigquery.jobs" = ["bigquery.jobs.get", "bigquery.jobs.list", "bigquery.jobs.listAll", "bigquery.jobs.update"]
      # Cancelling is an update; it can also change a build.
      "cloudbuild.builds" = ["cloudbuild.builds.get", "cloudbuild.builds.list", "cloudbuild.builds.update"]
      # The job runs of a rollout are terminated.
      "clouddeploy.jobRuns" = ["clouddeploy.jobRuns.get", "clouddeploy.jobRuns.list", "clouddeploy.jobRuns.terminate"]
      # No published role has a permission of theirs.
      "compute.queuedResources" = []
      # Resize requests belong to a group of instances: cancelling one updates the group, a sweep lists the groups first. An
      # update can also resize a group.
      "compute.resizeRequests" = [
        "compute.instanceGroupManagers.get", "compute.instanceGroupManagers.list", "compute.instanceGroupManagers.update",
      ]
      # A sweep lists the repositories first.
      "dataform.workflowInvocations" = [
        "dataform.repositories.list", "dataform.workflowInvocations.cancel", "dataform.workflowInvocations.get", "dataform.workflowInvocations.list",
      ]
      # Jobs of scans and of tasks.
      "dataplex.jobs" = [
        "dataplex.datascans.cancel", "dataplex.datascans.get", "dataplex.datascans.list", "dataplex.tasks.cancel", "dataplex.tasks.get", "dataplex.tasks.list",
      ]
      # A batch is cancelled by its operation: Google's audit logs name both permissions for that.
      "dataproc.batches" = [
        "dataproc.batches.cancel", "dataproc.batches.get", "dataproc.batches.list", "dataproc.operations.cancel", "dataproc.operations.get",
      ]
      # Sessions are terminated.
      "dataproc.sessions" = ["dataproc.sessions.get", "dataproc.sessions.list", "dataproc.sessions.terminate"]
      # Cancelling is a part of executing a patch.
      "osconfig.patchJobs" = ["osconfig.patchJobs.exec", "osconfig.patchJobs.get", "osconfig.patchJobs.list"]
      # The reference asks for run.jobs.run, which can also start jobs, and the first version of the API for both.
      "run.executions" = ["run.executions.cancel", "run.executions.get", "run.executions.list", "run.jobs.run"]
      # Cancelling is an update. There is no list.
      "testing.testMatrices" = ["cloudtestservice.matrices.get", "cloudtestservice.matrices.update"]
      # Cancelling one of these updates it.
      "vmmigration.cloneJobs" = [
        "vmmigration.cloneJobs.get", "vmmigration.cloneJobs.list", "vmmigration.cloneJobs.update",
      ]
      "vmmigration.cutoverJobs" = [
        "vmmigration.cutoverJobs.get", "vmmigration.cutoverJobs.list", "vmmigration.cutoverJobs.update",
      ]
      # No published role has a permission of theirs.
      "vmmigration.diskMigrationJobs" = []
      # A sweep lists the workflows first.
      "workflowexecutions.executions" = [
        "workflows.executions.cancel", "workflows.executions.get", "workflows.executions.list", "workflows.workflows.list",
      ]
    },
  )

  # Kinds whose permission to cancel is not published: services has to name a permission or a role for them.
  unpublished_job_kinds = ["batch.jobs", "compute.queuedResources", "vmmigration.diskMigrationJobs"]

  # Kinds that "*" does not stand for, because to cancel them saves little, or harms what people rely on.
  explicit_job_kinds = [
    "clouddeploy.automationRuns", "clouddeploy.jobRuns", "clouddeploy.rollouts", "compute.queuedResources",
    "dataplex.jobs", "dataplex.metadataJobs", "dataproc.sessions", "integrations.executions", "osconfig.patchJobs",
    "storagebatchoperations.jobs", "testing.deviceSessions", "testing.testMatrices", "vmmigration.cloneJobs",
    "vmmigration.cutoverJobs", "vmmigration.diskMigrationJobs", "vmmigration.imageImportJobs",
  ]

  # Kinds that a sweep cannot list, and kinds that are listed in all locations at once.
  unlisted_job_kinds         = ["testing.testMatrices"]
  job_kinds_of_all_locations = ["batch.jobs", "cloudbuild.builds", "dataflow.jobs"]

  # The kinds that `*` stands for, by service.
  usual_job_kinds = { for service in distinct([for kind in keys(local.job_permissions) : split(".", kind)[0]]) :
    service => [for kind in keys(local.job_permissions) : kind if startswith(kind, "${service}.") && !contains(local.explicit_job_kinds, kind)]
  }

  # The kinds of var.services in full, by service.
  service_job_kinds = { for service, access in local.services : service => distinct(flatten([
    for kind in coalesce(access.jobs, []) : kind == "*" ? lookup(local.usual_job_kinds, service, []) : ["${service}.${kind}"]
  ])) }

  # As the function's setting has them.
  allowed_jobs = distinct(flatten([for service, access in local.services : [
    for kind in coalesce(access.jobs, []) : kind == "*" ? service : "${service}.${kind}"
  ]]))

  # Services whose entry has jobs and nothing else that could cancel operations.
  services_of_jobs = [for service, access in local.services : service
    if length(coalesce(access.jobs, [])) > 0 && !access.operations && access.permissions == null && access.roles == null
  ]
}
