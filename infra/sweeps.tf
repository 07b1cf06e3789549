locals {
  # As src/triggers/sweep.ts reads them: what is not said is not written, except `dryRun`, which is true until somebody
  # says false.
  sweeps = { for name, sweep in var.sweeps : name => { for field, value in {
    confirmWithin = sweep.confirm_within
    dryRun        = sweep.dry_run
    exclude       = sweep.exclude
    limit         = sweep.limit
    match         = sweep.match
    olderThan     = sweep.older_than
    targets = [for target in sweep.targets : { for field, value in {
      confirmWithin = target.confirm_within
      dryRun        = target.dry_run
      exclude       = target.exclude
      filter        = target.filter
      match         = target.match
      olderThan     = target.older_than
      parents       = target.parents
      service       = target.service
      version       = target.version
    } : field => value if value != null }]
  } : field => value if value != null } }
}
