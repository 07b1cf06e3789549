#!/bin/bash
# Stands for `gcloud` on the path of the scripts in infra/gcloud: records each call in the file GCLOUD_CALLS, and
# remembers in the folder GCLOUD_STATE what was made, so that `describe` fails for what is not there. Deleted roles are
# remembered beside it, as IAM keeps them for a week. In bash, because a deployment has a hundred calls.
project= words=() verb= name=
{
  for arg in "$@"; do
    case "$arg" in --env-vars-file=*) arg="--env-vars-file=$(<"${arg#*=}")" ;; esac
    printf '%s\x1f' "$arg"
  done
  printf '\x1e'
} >>"$GCLOUD_CALLS"

for arg in "$@"; do
  case "$arg" in
    --project=*) project=${arg#*=} ;;
    --*) ;;
    create | delete | deploy | describe | list | undelete | update) verb=$arg ;;
    *) if [ -n "$verb" ]; then name=${name:-$arg}; else words+=("$arg"); fi ;;
  esac
done
[ "${words[0]}" != beta ] || exit 0
[ "$verb ${words[1]}" != 'create service-accounts' ] || name=$name@$project.iam.gserviceaccount.com
resource="$GCLOUD_STATE/$project ${words[*]} $name"
deleted="$GCLOUD_STATE.deleted/$project ${words[*]} $name"

case "$verb" in
  create)
    [ ! -e "$resource" ] || { echo "ALREADY_EXISTS: $resource" >&2 && exit 1; }
    : >"$resource"
    ;;
  deploy) : >"$resource" ;;
  delete)
    [ -e "$resource" ] && command rm "$resource" || exit 1
    [ "${words[*]}" != 'iam roles' ] || : >"$deleted"
    ;;
  undelete) command rm "$deleted" && : >"$resource" ;;
  update) [ -e "$resource" ] ;;
  describe)
    case "${words[0]}" in
      projects)
        case "$name" in
          my-project) echo 123456789012 ;;
          training-eu) echo 210987654321 ;;
          *) echo 310987654321 ;;
        esac
        ;;
      functions) [ -e "$resource" ] && echo https://lro-cancel.example.run.app ;;
      iam)
        if [ -e "$deleted" ]; then echo True; else [ -e "$resource" ]; fi
        ;;
      *) [ -e "$resource" ] ;;
    esac
    ;;
  list) printf '%s' "$GCLOUD_TASKS" ;;
esac
