#!/usr/bin/env bash
# Deploys lro-cancel with gcloud alone: what the Terraform module in .. deploys, without metrics, alerts, objective,
# dashboard, budgets and scheduler jobs. It can run again: what exists is kept or updated.
#
#   deploy.sh --project my-project --region europe-west1 --services notebooks --source dist
#
# test/infra compares what it does with the plan of the module.
set -euo pipefail

usage() {
  cat <<'USAGE'
deploy.sh --project ID --region REGION [options]

  --name NAME                  name of the function and prefix of all other names (lro-cancel)
  --source FOLDER              the bundle that `npm run build` makes, or a release's zip, unpacked (dist)
  --services A,B               services whose operations it cancels, by {service}.operations.cancel, get and list
  --jobs A,B                   kinds of jobs that it cancels, as ALLOWED_JOBS has them: aiplatform.customJobs, dataflow
  --permissions A,B            other permissions for its role
  --roles A,B                  predefined roles that it gets besides
  --allowed-projects A,B       projects whose operations it cancels (its own)
  --queue-region REGION        region of the queue, where Cloud Tasks is not in --region
  --sweeps FILE                JSON of the setting SWEEPS
  --budgets FILE               JSON of the setting BUDGETS
  --protected-operations A,B   patterns of operations that are never cancelled
  --confirm-within SECONDSs    default of the request's field confirmWithin (900s)
  --first-recheck-after SECONDSs
                               delay of the first check after an accepted cancel, 1s to 300s (5s)
  --message-keys SECRET:N      version N of a secret of the project, with the setting MESSAGE_KEYS
  --request-publisher MEMBER   may publish requests; can be repeated
USAGE
}

die() {
  echo "deploy.sh: $*" >&2
  exit 1
}

name=lro-cancel source=dist services= jobs= permissions= roles= allowed= queue_region= sweeps= budgets= protected=
confirm_within=900s first_recheck_after=5s message_keys= project= region= publishers=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage && exit 0 ;;
    --project | --region | --name | --source | --services | --jobs | --permissions | --roles | --allowed-projects | --queue-region | \
      --sweeps | --budgets | --protected-operations | --confirm-within | --first-recheck-after | --message-keys | --request-publisher)
      [ $# -ge 2 ] || die "$1 needs a value"
      ;;
    *) usage >&2 && die "unknown option $1" ;;
  esac
  case "$1" in
    --project) project=$2 ;;
    --region) region=$2 ;;
    --name) name=$2 ;;
    --source) source=$2 ;;
    --services) services=$2 ;;
    --jobs) jobs=$2 ;;
    --permissions) permissions=$2 ;;
    --roles) roles=$2 ;;
    --allowed-projects) allowed=$2 ;;
    --queue-region) queue_region=$2 ;;
    --sweeps) sweeps=$2 ;;
    --budgets) budgets=$2 ;;
    --protected-operations) protected=$2 ;;
    --confirm-within) confirm_within=$2 ;;
    --first-recheck-after) first_recheck_after=$2 ;;
    --message-keys) message_keys=$2 ;;
    --request-publisher) publishers+=("$2") ;;
  esac
  shift 2
done
[ -n "$project" ] && [ -n "$region" ] || { usage >&2 && die "--project and --region are required"; }
[ -f "$source/index.js" ] || die "there is no bundle in $source: run \`npm ci && npm run build\`, or unpack a release's zip"
[[ "$name" =~ ^[a-z][a-z0-9-]{4,22}[a-z0-9]$ ]] || die "--name must be 6 to 24 lower-case letters, digits and hyphens"
for file in "$sweeps" "$budgets"; do
  [ -z "$file" ] || [ -f "$file" ] || die "there is no file $file"
done
[ -z "$message_keys" ] || [[ "$message_keys" =~ ^[A-Za-z0-9_-]{1,255}:[1-9][0-9]*$ ]] ||
  die "--message-keys must be a secret and the number of its version, as in lro-cancel-message-keys:1; instances with other keys reject each other's messages"
[ -z "$budgets" ] || [ -n "$sweeps" ] || die "--budgets needs --sweeps: each rule names one"

queue_region=${queue_region:-$region}
queue=projects/$project/locations/$queue_region/queues/$name-rechecks
function_account=$name@$project.iam.gserviceaccount.com
push_account=$name-push@$project.iam.gserviceaccount.com
tasks_account=$name-tasks@$project.iam.gserviceaccount.com
build_account=$name-build@$project.iam.gserviceaccount.com

g() { gcloud --quiet "--project=$project" "$@"; }
exists() { g "$@" >/dev/null 2>&1; }
# Grants are added, never replaced, and adding one again does nothing.
grant() { g "$@" >/dev/null; }
wait_for() {
  echo "waiting ${LRO_CANCEL_WAIT_SECONDS:-$1} s: $2"
  sleep "${LRO_CANCEL_WAIT_SECONDS:-$1}"
}

# The permissions of the kinds of jobs, each with its reason in ../jobs.tf.
job_permissions() {
  local prefix=$1
  case "$1" in
    aiplatform.batchPredictionJobs | aiplatform.customJobs | aiplatform.dataLabelingJobs | aiplatform.evaluationRuns | \
      aiplatform.hyperparameterTuningJobs | aiplatform.nasJobs | aiplatform.pipelineJobs | aiplatform.trainingPipelines | \
      aiplatform.tuningJobs | clouddeploy.automationRuns | clouddeploy.rollouts | dataflow.jobs | dataplex.metadataJobs | \
      dataproc.jobs | integrations.executions | ml.jobs | storagebatchoperations.jobs | vmmigration.imageImportJobs) ;;
    batch.jobs) echo batch.jobs.get,batch.jobs.list && return ;;
    bigquery.jobs) echo bigquery.jobs.get,bigquery.jobs.list,bigquery.jobs.listAll,bigquery.jobs.update && return ;;
    cloudbuild.builds | vmmigration.cloneJobs | vmmigration.cutoverJobs) echo "$1.get,$1.list,$1.update" && return ;;
    clouddeploy.jobRuns | dataproc.sessions) echo "$1.get,$1.list,$1.terminate" && return ;;
    compute.queuedResources | vmmigration.diskMigrationJobs) return ;;
    compute.resizeRequests)
      prefix=compute.instanceGroupManagers
      echo "$prefix.get,$prefix.list,$prefix.update" && return
      ;;
    dataform.workflowInvocations) echo dataform.repositories.list ;;
    dataplex.jobs)
      for prefix in dataplex.datascans dataplex.tasks; do echo "$prefix.cancel,$prefix.get,$prefix.list"; done
      return
      ;;
    dataproc.batches) echo dataproc.operations.cancel,dataproc.operations.get ;;
    dlp.dlpJobs) prefix=dlp.jobs ;;
    osconfig.patchJobs) echo "$1.exec,$1.get,$1.list" && return ;;
    run.executions) echo run.jobs.run ;;
    testing.deviceSessions) prefix=cloudtestservice.devicesession ;;
    testing.testMatrices) echo cloudtestservice.matrices.get,cloudtestservice.matrices.update && return ;;
    workflowexecutions.executions)
      prefix=workflows.executions
      echo workflows.workflows.list
      ;;
    *) return 1 ;;
  esac
  echo "$prefix.cancel,$prefix.get,$prefix.list"
}

# The kinds that a service alone stands for: those that ALLOWED_JOBS need not name in full.
usual_kinds() {
  case "$1" in
    aiplatform)
      echo aiplatform.{batchPredictionJobs,customJobs,dataLabelingJobs,evaluationRuns,hyperparameterTuningJobs,nasJobs} \
        aiplatform.{pipelineJobs,trainingPipelines,tuningJobs}
      ;;
    batch | bigquery | dataflow | ml) echo "$1.jobs" ;;
    cloudbuild) echo cloudbuild.builds ;;
    compute) echo compute.resizeRequests ;;
    dataform) echo dataform.workflowInvocations ;;
    dataproc) echo dataproc.batches dataproc.jobs ;;
    dlp) echo dlp.dlpJobs ;;
    run | workflowexecutions) echo "$1.executions" ;;
    *) return 1 ;;
  esac
}

apis=(artifactregistry cloudbuild cloudfunctions cloudresourcemanager cloudtasks iam logging monitoring pubsub run storage)
given=$permissions$roles
for entry in ${jobs//,/ }; do
  kinds=$entry
  [[ "$entry" == *.* ]] || kinds=$(usual_kinds "$entry") || die "--jobs: $entry is no service with kinds of jobs that need not be named: see docs/jobs.md"
  for kind in $kinds; do
    found=$(job_permissions "$kind") || die "--jobs: $kind is no kind of jobs: see docs/jobs.md"
    case "$kind" in
      batch.jobs | compute.queuedResources | vmmigration.diskMigrationJobs)
        [ -n "$given" ] || die "Google does not publish which permission cancels $kind: give --permissions or --roles, such as roles/batch.jobsEditor"
        ;;
    esac
    for permission in $found; do permissions=$permissions,$permission; done
  done
  apis+=("${entry%%.*}")
  [ "${entry%%.*}" != workflowexecutions ] || apis+=(workflows)
done

# The permissions of the services. Those of these have other names, or are not documented (services.tf).
for service in ${services//,/ }; do
  case "$service" in
    accesscontextmanager | aiplatform | androidmanagement | artifactregistry | auditmanager | baremetalsolution | batch | \
      bigqueryreservation | checks | chromemanagement | cloudbuild | cloudchannel | cloudscheduler | cloudshell | container | \
      datacatalog | datalineage | deepreview | dialogflow | discoveryengine | dns | documentai | firebaseappdistribution | \
      firebasehosting | firebaseml | firestore | pubsublite | rapidmigrationassessment | remotebuildexecution | \
      runtimeconfig | securitycenter | securityposture | serviceconsumermanagement | serviceusage | spanner | sqladmin | \
      storage | texttospeech | tpu | translate | vault | videointelligence | vision | webrisk | workstations)
      die "$service has no permissions of the usual names: see infra/README.md, and give --permissions or --roles"
      ;;
  esac
  for verb in cancel get list; do permissions=$permissions,$service.operations.$verb; done
done
# Each once: kinds share some.
permissions=$(echo "$permissions" | tr ',' '\n' | sed '/^$/d' | sort -u | paste -sd, -)

# APIs, and the service agents that act for Google in the project

[ -z "$message_keys" ] || apis+=(secretmanager)
for service in ${services//,/ }; do apis+=("$service"); done
g services enable "${apis[@]/%/.googleapis.com}"
for agent in artifactregistry cloudbuild cloudfunctions cloudtasks pubsub; do
  g beta services identity create "--service=$agent.googleapis.com" >/dev/null
done
number=$(g projects describe "$project" '--format=value(projectNumber)')
pubsub_agent=serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com

# Accounts

new=
account() {
  exists iam service-accounts describe "$1@$project.iam.gserviceaccount.com" && return
  [ -n "$new" ] || wait_for 60 'newly enabled APIs are not usable at once'
  new=yes
  g iam service-accounts create "$1" "--display-name=$1: $2"
}
account "$name" 'the function'
account "$name-push" "Pub/Sub's pushes to the function"
account "$name-tasks" 're-checks published by Cloud Tasks'
account "$name-build" 'Cloud Build of the function'

# Topics

for kind in requests rechecks triggers dead-letters results; do
  exists pubsub topics describe "$name-$kind" || g pubsub topics create "$name-$kind"
done

# The queue. Retries never end: a dropped task would be a request that never gets its result.

verb=create
exists tasks queues describe "$name-rechecks" "--location=$queue_region" && verb=update
g tasks queues "$verb" "$name-rechecks" "--location=$queue_region" --max-dispatches-per-second=100 \
  --max-concurrent-dispatches=100 --max-attempts=-1 --min-backoff=1s --max-backoff=60s --max-doublings=6

# Grants, each with its reason in ../iam.tf

for kind in requests rechecks results; do
  grant pubsub topics add-iam-policy-binding "$name-$kind" "--member=serviceAccount:$function_account" --role=roles/pubsub.publisher
done
grant pubsub topics add-iam-policy-binding "$name-rechecks" "--member=serviceAccount:$tasks_account" --role=roles/pubsub.publisher
grant tasks queues add-iam-policy-binding "$name-rechecks" "--location=$queue_region" "--member=serviceAccount:$function_account" --role=roles/cloudtasks.enqueuer
grant iam service-accounts add-iam-policy-binding "$tasks_account" "--member=serviceAccount:$function_account" --role=roles/iam.serviceAccountUser
grant iam service-accounts add-iam-policy-binding "$push_account" "--member=$pubsub_agent" --role=roles/iam.serviceAccountOpenIdTokenCreator
grant pubsub topics add-iam-policy-binding "$name-dead-letters" "--member=$pubsub_agent" --role=roles/pubsub.publisher
if [ -n "$budgets" ] || { [ -n "$sweeps" ] && grep -Eq '"approvable"[[:space:]]*:[[:space:]]*true' "$sweeps"; }; then
  grant tasks queues add-iam-policy-binding "$name-rechecks" "--location=$queue_region" "--member=serviceAccount:$function_account" --role=roles/cloudtasks.viewer
fi
if [ -n "$budgets" ]; then
  grant pubsub topics add-iam-policy-binding "$name-triggers" --member=serviceAccount:billing-budget-alert@system.gserviceaccount.com --role=roles/pubsub.publisher
fi
[ -z "$message_keys" ] ||
  grant secrets add-iam-policy-binding "${message_keys%:*}" "--member=serviceAccount:$function_account" --role=roles/secretmanager.secretAccessor
for member in ${publishers[@]+"${publishers[@]}"}; do
  grant pubsub topics add-iam-policy-binding "$name-requests" "--member=$member" --role=roles/pubsub.publisher
done
for role in roles/logging.logWriter roles/storage.objectViewer roles/artifactregistry.writer; do
  grant projects add-iam-policy-binding "$project" "--member=serviceAccount:$build_account" "--role=$role" --condition=None
done

# Roles in the projects whose operations it cancels

role_id=${name}_$project
role_id=${role_id//-/_}
allowed_names= numbers=$project=$number
for target in ${allowed//,/ }; do
  target_number=$(gcloud --quiet projects describe "$target" '--format=value(projectNumber)')
  allowed_names=$allowed_names,$target,$target_number
  [ "$target" = "$project" ] || numbers=$numbers,$target=$target_number
done
for target in ${allowed//,/ } $([ -n "$allowed" ] || echo "$project"); do
  if [ -n "$permissions" ]; then
    # A role that was deleted stays for a week, and can be revived; for a month after that its id is blocked.
    verb=create deleted=
    deleted=$(gcloud --quiet "--project=$target" iam roles describe "$role_id" '--format=value(deleted)' 2>/dev/null) && verb=update
    [ "$deleted" != True ] || gcloud --quiet "--project=$target" iam roles undelete "$role_id" >/dev/null
    gcloud --quiet "--project=$target" iam roles "$verb" "$role_id" "--title=$name: operations" "--permissions=$permissions" >/dev/null
    gcloud --quiet projects add-iam-policy-binding "$target" "--member=serviceAccount:$function_account" \
      "--role=projects/$target/roles/$role_id" --condition=None >/dev/null
  fi
  for role in ${roles//,/ }; do
    gcloud --quiet projects add-iam-policy-binding "$target" "--member=serviceAccount:$function_account" "--role=$role" --condition=None >/dev/null
  done
done

# The function

environment=$(mktemp)
trap 'rm -f "$environment"' EXIT
# A setting of several lines, as YAML's block: JSON needs no quoting there.
block() { printf '%s: |-\n' "$1" && sed 's/^/  /' "$2"; }
{
  printf '%s: "%s"\n' \
    ALLOWED_SERVICES '*' \
    CONFIRM_WITHIN "$confirm_within" \
    DEAD_LETTER_TOPIC "projects/$project/topics/$name-dead-letters" \
    FIRST_RECHECK_AFTER "$first_recheck_after" \
    GOOGLE_CLOUD_PROJECT "$project" \
    LOG_EXECUTION_ID false \
    NODE_OPTIONS --max-semi-space-size=16 \
    PROJECT_NUMBERS "$numbers" \
    RECHECKS_TOPIC "projects/$project/topics/$name-rechecks" \
    RECHECK_DELAY cloud-tasks \
    RECHECK_QUEUE "$queue" \
    REQUESTS_TOPIC "projects/$project/topics/$name-requests" \
    RESULTS_TOPIC "projects/$project/topics/$name-results" \
    TASKS_SERVICE_ACCOUNT "$tasks_account" \
    TRIGGERS_TOPIC "projects/$project/topics/$name-triggers"
  [ -z "$jobs" ] || printf 'ALLOWED_JOBS: "%s"\n' "$jobs"
  [ -z "$allowed_names" ] || printf 'ALLOWED_PROJECTS: "%s"\n' "${allowed_names#,}"
  [ -z "$protected" ] || printf 'PROTECTED_OPERATIONS: "%s"\n' "$protected"
  [ -z "$sweeps" ] || block SWEEPS "$sweeps"
  [ -z "$budgets" ] || block BUDGETS "$budgets"
} >"$environment"

secrets=--clear-secrets
[ -z "$message_keys" ] || secrets=--set-secrets=MESSAGE_KEYS=$message_keys
[ -z "$new" ] || wait_for 30 'new accounts and roles are not known everywhere at once'
g functions deploy "$name" --gen2 "--region=$region" --runtime=nodejs24 --entry-point=cancelOperation "--source=$source" \
  --trigger-http --no-allow-unauthenticated --ingress-settings=internal-only "--service-account=$function_account" \
  "--build-service-account=projects/$project/serviceAccounts/$build_account" --memory=512Mi --cpu=1 --concurrency=80 \
  --timeout=60s --min-instances=0 --max-instances=10 "--env-vars-file=$environment" "$secrets"
url=$(g functions describe "$name" --gen2 "--region=$region" '--format=value(serviceConfig.uri)')
grant run services add-iam-policy-binding "$name" "--region=$region" "--member=serviceAccount:$push_account" --role=roles/run.invoker

# Subscriptions. A delivery takes the function up to 56 s; the path of the endpoint tells the kind of a message.

subscription() {
  local subscription_name=$1 topic=$2 verb=create
  shift 2
  exists pubsub subscriptions describe "$subscription_name" && verb=update
  if [ "$verb" = create ]; then set -- "--topic=$topic" "$@"; fi
  g pubsub subscriptions "$verb" "$subscription_name" --ack-deadline=60 --message-retention-duration=604800s \
    --expiration-period=never --min-retry-delay=10s --max-retry-delay=600s "$@"
}
for delivery in requests:20 rechecks:100 triggers:20 dead-letters:; do
  kind=${delivery%:*} attempts=${delivery#*:}
  dead_letters=()
  # The dead letters have none of their own: their messages would return here endlessly.
  [ -z "$attempts" ] || dead_letters=("--dead-letter-topic=projects/$project/topics/$name-dead-letters" "--max-delivery-attempts=$attempts")
  subscription "$name-$kind-push" "$name-$kind" "--push-endpoint=$url/projects/$project/topics/$name-$kind" \
    "--push-auth-service-account=$push_account" "--push-auth-token-audience=$url" ${dead_letters[@]+"${dead_letters[@]}"}
  [ -z "$attempts" ] || grant pubsub subscriptions add-iam-policy-binding "$name-$kind-push" "--member=$pubsub_agent" --role=roles/pubsub.subscriber
done
subscription "$name-results-pull" "$name-results"

cat <<DONE
Deployed. A dry run of a request, and its result:
  gcloud pubsub topics publish projects/$project/topics/$name-requests --message='{"dryRun":true,"operation":"OPERATION","requestId":"first"}'
  gcloud pubsub subscriptions pull $name-results-pull --project=$project --auto-ack --limit=5
DONE
