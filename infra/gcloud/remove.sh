#!/usr/bin/env bash
# Removes what deploy.sh made, in its order backwards. It can run again. APIs stay enabled.
#
#   remove.sh --project my-project --region europe-west1
#
# Each task in the queue is a request without a result: with tasks in it, the queue and all that it needs stay, unless
# --with-tasks is given.
set -euo pipefail

die() {
  echo "remove.sh: $*" >&2
  exit 1
}

name=lro-cancel project= region= queue_region= allowed= with_tasks=
while [ $# -gt 0 ]; do
  case "$1" in
    --with-tasks) with_tasks=yes && shift && continue ;;
    --project | --region | --name | --queue-region | --allowed-projects) [ $# -ge 2 ] || die "$1 needs a value" ;;
    *) die "unknown option $1: --project ID --region REGION [--name NAME] [--queue-region REGION] [--allowed-projects A,B] [--with-tasks]" ;;
  esac
  case "$1" in
    --project) project=$2 ;;
    --region) region=$2 ;;
    --name) name=$2 ;;
    --queue-region) queue_region=$2 ;;
    --allowed-projects) allowed=$2 ;;
  esac
  shift 2
done
[ -n "$project" ] && [ -n "$region" ] || die '--project and --region are required'
queue_region=${queue_region:-$region}

g() { gcloud --quiet "--project=$project" "$@"; }
exists() { g "$@" >/dev/null 2>&1; }

if exists tasks queues describe "$name-rechecks" "--location=$queue_region" && [ -z "$with_tasks" ]; then
  [ -z "$(g tasks list "--queue=$name-rechecks" "--location=$queue_region" --limit=1 '--format=value(name)')" ] ||
    die "the queue $name-rechecks has tasks, which are requests without a result or records of budgets: wait, or give --with-tasks"
fi

for kind in requests rechecks triggers dead-letters; do
  ! exists pubsub subscriptions describe "$name-$kind-push" || g pubsub subscriptions delete "$name-$kind-push"
done
! exists pubsub subscriptions describe "$name-results-pull" || g pubsub subscriptions delete "$name-results-pull"
! exists functions describe "$name" --gen2 "--region=$region" || g functions delete "$name" --gen2 "--region=$region"
! exists tasks queues describe "$name-rechecks" "--location=$queue_region" ||
  g tasks queues delete "$name-rechecks" "--location=$queue_region"
for kind in requests rechecks triggers dead-letters results; do
  ! exists pubsub topics describe "$name-$kind" || g pubsub topics delete "$name-$kind"
done

# Grants on projects would stay as those of a deleted account.
member=serviceAccount:$name@$project.iam.gserviceaccount.com
role_id=${name}_$project
role_id=${role_id//-/_}
for target in ${allowed//,/ } $([ -n "$allowed" ] || echo "$project"); do
  # A role that was deleted can still be described for a week.
  deleted=$(gcloud --quiet "--project=$target" iam roles describe "$role_id" '--format=value(deleted)' 2>/dev/null) || continue
  if [ "$deleted" != True ]; then
    gcloud --quiet projects remove-iam-policy-binding "$target" "--member=$member" "--role=projects/$target/roles/$role_id" \
      --condition=None >/dev/null 2>&1 || true
    gcloud --quiet "--project=$target" iam roles delete "$role_id" >/dev/null
  fi
done
for role in roles/logging.logWriter roles/storage.objectViewer roles/artifactregistry.writer; do
  g projects remove-iam-policy-binding "$project" "--member=serviceAccount:$name-build@$project.iam.gserviceaccount.com" \
    "--role=$role" --condition=None >/dev/null 2>&1 || true
done
for account in "$name" "$name-push" "$name-tasks" "$name-build"; do
  ! exists iam service-accounts describe "$account@$project.iam.gserviceaccount.com" ||
    g iam service-accounts delete "$account@$project.iam.gserviceaccount.com"
done
echo 'Removed. Roles granted with --roles or --message-keys, and a queue of that name for some days, remain.'
