locals {
  # Services with a host for each location, whose operations are listed in one location at a time.
  services_of_one_location = [
    "aiplatform", "automl", "chronicle", "contactcenterinsights", "dialogflow",
    "discoveryengine", "documentai", "gkemulticloud", "pubsublite", "speech",
    "translate", "vision",
  ]

  # Services with one list of operations for everything, which has no parent.
  services_without_parents = [
    "accesscontextmanager", "baremetalsolution", "bigtableadmin", "chromemanagement",
    "cloudchannel", "cloudshell", "deepreview", "firebasehosting", "firebaseml",
    "remotebuildexecution", "runtimeconfig", "serviceconsumermanagement",
    "servicenetworking", "serviceusage", "vault", "vision",
  ]

  # The sweeps as src/sweeps/sweep.ts reads them. Fields that are not set are left out, except `dryRun`, which is true by
  # default. A value of another type is an error here: a mistake must never leave a field out.
  sweeps = { for name, sweep in var.sweeps : name => { for field, value in {
    approvable    = tobool(try(sweep.approvable, null))
    confirmWithin = tostring(try(sweep.confirm_within, null))
    dryRun        = coalesce(tobool(try(sweep.dry_run, null)), true)
    exclude       = local.sweep_globs[name].exclude
    limit         = tonumber(try(sweep.limit, null))
    match         = local.sweep_globs[name].match
    olderThan     = tostring(try(sweep.older_than, null))
    targets = [for index, target in sweep.targets : { for field, value in {
      confirmWithin = tostring(try(target.confirm_within, null))
      dryRun        = tobool(try(target.dry_run, null))
      exclude       = local.target_globs[name][index].exclude
      filter        = tostring(try(target.filter, null))
      jobs          = one([for kinds in [try(target.jobs, null)] : [for kind in kinds : tostring(kind)] if kinds != null])
      match         = local.target_globs[name][index].match
      olderThan     = tostring(try(target.older_than, null))
      parents       = one([for parents in [try(target.parents, null)] : [for parent in parents : tostring(parent)] if parents != null])
      service       = tostring(target.service)
      version       = tostring(try(target.version, null))
    } : field => value if value != null }]
  } : field => value if value != null } }

  # Patterns by field, or null if there are none.
  sweep_globs = { for name, sweep in var.sweeps : name => { for field in ["exclude", "match"] : field => one([
    for globs in [try(sweep[field], null)] : { for key, patterns in globs : key => [for pattern in patterns : tostring(pattern)] } if globs != null
  ]) } }
  target_globs = { for name, sweep in var.sweeps : name => [for target in sweep.targets : {
    for field in ["exclude", "match"] : field => one([
      for globs in [try(target[field], null)] : { for key, patterns in globs : key => [for pattern in patterns : tostring(pattern)] } if globs != null
    ])
  }] }
}
