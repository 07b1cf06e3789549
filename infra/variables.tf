variable "alerts" {
  description = <<-EOT
    Alert policies. `enabled`: whether there are any. `error_ratio`, `unconfirmed_ratio`: the share of an hour's results
    (0 to 1) with that outcome above which an alert fires. `minimum_results`: results that an hour must have for that.
    `oldest_unacked_seconds`: seconds that a message may wait for the function.
  EOT
  type = object({
    enabled                = optional(bool, true)
    error_ratio            = optional(number, 0.1)
    minimum_results        = optional(number, 10)
    oldest_unacked_seconds = optional(number, 900)
    unconfirmed_ratio      = optional(number, 0.25)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for ratio in [var.alerts.error_ratio, var.alerts.unconfirmed_ratio] : ratio >= 0 && ratio <= 1
    ])
    error_message = "A ratio must be from 0 to 1: 0.1 is a tenth of the results."
  }
}

variable "allowed_projects" {
  description = <<-EOT
    Ids of the projects whose operations may be cancelled; the function gets its roles in each. Empty for its own
    project alone; where others are named, its own is left out unless it is named too.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for project in var.allowed_projects : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", project))])
    error_message = "Each must be the id of a project: the module looks up its number, and cannot grant roles in \"*\"."
  }
}

variable "allowed_services" {
  description = <<-EOT
    Services that requests may name; `*` for any. Naming one that has only names without a project allows them, as in
    `["*", "cloudchannel"]`. The permissions of the function depend on `services`.
  EOT
  type        = list(string)
  default     = ["*"]
  nullable    = false

  validation {
    condition = length(var.allowed_services) > 0 && alltrue([
      for service in var.allowed_services : can(regex("^(\\*|[a-z][a-z0-9]*(\\.googleapis\\.com)?)$", service))
    ])
    error_message = "Must have at least one entry, each a service such as \"notebooks\", or \"*\"."
  }
}

variable "billing_account" {
  description = "Id of the billing account of `budgets`, as in `012345-567890-ABCDEF`."
  type        = string
  default     = null
}

variable "budget_rules" {
  description = <<-EOT
    Rules that start a sweep when a budget crosses a threshold. Each names its budget by one of `budget` (a key of
    `budgets`), `budget_id` and `budget_display_name` (for an existing budget, with a threshold rule at
    `threshold`). `threshold`: a fraction of the budget, 1 for all of it. `on_forecast`: whether the forecast alone
    is enough.
  EOT
  # list(object({
  #   budget              = optional(string)
  #   budget_display_name = optional(string)
  #   budget_id           = optional(string)
  #   on_forecast         = optional(bool, false)
  #   sweep               = string
  #   threshold           = optional(number, 1)
  # }))
  type     = any
  default  = []
  nullable = false

  validation {
    condition = length(try(flatten([for rule in var.budget_rules : setsubtract(try(keys(rule), []), local.budget_rule_fields)]), [])) == 0
    error_message = "Unknown fields in budget_rules: ${join(", ", try(flatten([
      for index, rule in var.budget_rules :
      [for field in setsubtract(try(keys(rule), []), local.budget_rule_fields) : "[${index}].${field}"]
    ]), []))}. A budget rule has ${join(", ", local.budget_rule_fields)}."
  }

  validation {
    condition = can([for rule in concat([], var.budget_rules) : [
      [for field in ["budget", "budget_display_name", "budget_id"] : tostring(try(rule[field], null))],
      tobool(try(rule.on_forecast, null)),
      regex(".", rule.sweep),
      tonumber(try(rule.threshold, null)),
    ]])
    error_message = "Must be a list of budget rules, each with a sweep: a threshold is a number, on_forecast true or false, and the others are strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for rule in var.budget_rules : try(contains(keys(var.sweeps), rule.sweep), true)])
    error_message = "A budget rule names a sweep that is not in sweeps."
  }

  validation {
    condition = alltrue([for rule in var.budget_rules :
      length([for field in ["budget", "budget_display_name", "budget_id"] : field if try(rule[field], null) != null]) == 1
    ])
    error_message = "A budget rule must have exactly one of budget, budget_display_name and budget_id."
  }

  validation {
    condition = alltrue(flatten([for rule in var.budget_rules :
      [for budget in [try(rule.budget, null)] : contains(keys(var.budgets), budget) if budget != null]
    ]))
    error_message = "A budget rule names a budget that is not in budgets; name an existing one by budget_id or budget_display_name."
  }

  validation {
    condition     = alltrue([for rule in var.budget_rules : try(rule.threshold > 0 && rule.threshold <= 20, true)])
    error_message = "A threshold must be a fraction of the budget: 1 is all of it, 0.5 half."
  }
}

variable "budget_topic" {
  description = <<-EOT
    Full name of a topic that budgets already publish to, as in `projects/billing/topics/budgets`: the function gets
    its messages as triggers. Applying this requires `pubsub.topics.attachSubscription` on the topic.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.budget_topic == null || can(regex("^projects/[^/]+/topics/[^/]+$", var.budget_topic))
    error_message = "Must be the full name of a topic, projects/{project}/topics/{topic}."
  }

  validation {
    condition     = var.budget_topic != "projects/${var.project_id}/topics/${var.name}-triggers"
    error_message = "The triggers topic is always delivered: as budget_topic it would be delivered twice and start every sweep twice."
  }
}

variable "budgets" {
  description = <<-EOT
    Budgets to create, which notify the function of their costs. `amount`: of a month, in whole units of
    `currency_code` (default: the billing account's currency). `display_name`: default the name of this module and the key.
    `project_numbers`: default `allowed_projects`. `thresholds`: fractions of the amount that cause a notification;
    those of `budget_rules` are added.
  EOT
  # map(object({
  #   amount          = number
  #   currency_code   = optional(string)
  #   display_name    = optional(string)
  #   project_numbers = optional(list(string))
  #   thresholds      = optional(list(number), [0.5, 0.9, 1])
  # }))
  type     = any
  default  = {}
  nullable = false

  validation {
    condition = length(try(flatten([for budget in var.budgets : setsubtract(try(keys(budget), []), local.budget_fields)]), [])) == 0
    error_message = "Unknown fields in budgets: ${join(", ", try(flatten([
      for key, budget in var.budgets :
      [for field in setsubtract(try(keys(budget), []), local.budget_fields) : "${key}.${field}"]
    ]), []))}. A budget has ${join(", ", local.budget_fields)}."
  }

  validation {
    condition = can([keys(var.budgets), [for budget in var.budgets : [
      budget.amount + 0,
      [for field in ["currency_code", "display_name"] : tostring(try(budget[field], null))],
      [for numbers in [try(budget.project_numbers, null)] : join(",", numbers) if numbers != null],
      [for thresholds in [try(budget.thresholds, null)] : [for threshold in flatten(thresholds) : threshold + 0] if thresholds != null],
    ]]])
    error_message = "Must be budgets by their keys, each with an amount: it is a number, thresholds are a list of numbers, project_numbers a list of strings, and the others are strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = try(length(var.budgets), 0) == 0 || var.billing_account != null
    error_message = "Budgets belong to a billing account: set billing_account."
  }

  validation {
    condition     = alltrue([for budget in var.budgets : try(budget.amount > 0 && budget.amount == floor(budget.amount), true)])
    error_message = "An amount must be positive, in whole units of its currency."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [for threshold in try(flatten([budget.thresholds]), []) : try(threshold > 0 && threshold <= 20, true)]
    ]))
    error_message = "Thresholds must be fractions of the amount: 1 is all of it, 0.5 half."
  }
}

variable "build_service_account" {
  description = <<-EOT
    Full name of the service account that builds the function, as in
    `projects/my-project/serviceAccounts/build@my-project.iam.gserviceaccount.com`; it needs
    `roles/cloudbuild.builds.builder`. Default: Cloud Build's own for the project.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.build_service_account == null || can(regex("^projects/[^/]+/serviceAccounts/[^/]+@[^/]+$", var.build_service_account))
    error_message = "Must be projects/{project}/serviceAccounts/{email}."
  }
}

variable "bundle_dir" {
  description = "Folder with the function's bundle. Default: `dist/` of the repository that this module is in, which `npm run build` makes."
  type        = string
  default     = null
}

variable "confirm_within" {
  description = "How long the function checks whether an operation has ended, in seconds, unless the request says otherwise: `900s`. At most `2592000s` (30 days)."
  type        = string
  default     = "900s"
  nullable    = false

  validation {
    condition = can(regex("^[1-9][0-9]{0,6}s$", var.confirm_within)) && try(
      tonumber(trimsuffix(var.confirm_within, "s")) <= 2592000, false
    )
    error_message = "Must be whole seconds such as \"900s\", from \"1s\" to \"2592000s\" (30 days)."
  }
}

variable "dashboard" {
  description = "Whether to create a dashboard in Cloud Monitoring."
  type        = bool
  default     = true
  nullable    = false
}

variable "delegated_subject" {
  description = <<-EOT
    Email address of the administrator for whom cloudchannel and vault are called, by domain-wide delegation. Lets
    the function's service account sign as itself.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.delegated_subject == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.delegated_subject))
    error_message = "Must be an email address."
  }
}

variable "enable_apis" {
  description = "Whether to enable, in the function's project, the APIs that this module needs and those of `services`. They stay enabled when the module is destroyed."
  type        = bool
  default     = true
  nullable    = false
}

variable "function_config" {
  description = <<-EOT
    Size of the function. `concurrency`: requests at once in an instance. `cpu`: CPUs of an instance. `memory`: of an
    instance, with its unit. `min_instances`, `max_instances`: limits of their number. `timeout_seconds`: for one
    delivery, in seconds.
  EOT
  type = object({
    concurrency     = optional(number, 80)
    cpu             = optional(string, "1")
    max_instances   = optional(number, 10)
    memory          = optional(string, "512Mi")
    min_instances   = optional(number, 0)
    timeout_seconds = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.function_config.concurrency == 1 || try(tonumber(var.function_config.cpu) >= 1, false)
    error_message = "Cloud Run gives an instance of less than 1 CPU one request at a time: set concurrency to 1, or cpu to at least \"1\"."
  }

  validation {
    condition     = var.function_config.concurrency >= 1 && var.function_config.concurrency <= 1000
    error_message = "The concurrency must be from 1 to 1000."
  }

  validation {
    condition     = can(regex("^[1-9][0-9]*(M|Mi|G|Gi)$", var.function_config.memory))
    error_message = "The memory must have its unit, as in \"512Mi\" or \"1Gi\"."
  }

  validation {
    condition = (
      var.function_config.min_instances >= 0 &&
      var.function_config.max_instances >= max(1, var.function_config.min_instances)
    )
    error_message = "max_instances must be at least 1, and not below min_instances."
  }

  validation {
    condition     = var.function_config.timeout_seconds >= 60 && var.function_config.timeout_seconds <= 3600
    error_message = "The timeout must be from 60 to 3600 seconds: a delivery can take nearly the 60 s of its ack deadline."
  }
}

variable "labels" {
  description = "Labels for all resources that can have them."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "max_delivery_attempts" {
  description = <<-EOT
    How often Pub/Sub tries to deliver before a message becomes a dead letter, 5 to 100, for `requests`, `rechecks`
    and `triggers`.
  EOT
  type = object({
    rechecks = optional(number, 100)
    requests = optional(number, 20)
    triggers = optional(number, 20)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for attempts in values(var.max_delivery_attempts) : attempts >= 5 && attempts <= 100])
    error_message = "Pub/Sub takes 5 to 100 attempts."
  }
}

variable "message_retention_duration" {
  description = "How long subscriptions keep unacknowledged messages, in seconds: `604800s` (7 days). From `600s` to `2678400s` (31 days)."
  type        = string
  default     = "604800s"
  nullable    = false

  validation {
    condition = can(regex("^[0-9]{3,7}s$", var.message_retention_duration)) && try(
      tonumber(trimsuffix(var.message_retention_duration, "s")) >= 600 &&
      tonumber(trimsuffix(var.message_retention_duration, "s")) <= 2678400, false
    )
    error_message = "Must be whole seconds from \"600s\" to \"2678400s\" (31 days)."
  }
}

variable "name" {
  description = "Name of the function, and prefix of all other names. 6 to 24 characters."
  type        = string
  default     = "lro-cancel"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,22}[a-z0-9]$", var.name))
    error_message = "Must be 6 to 24 lower-case letters, digits and hyphens, beginning with a letter, because it is part of the names of service accounts."
  }
}

variable "notification_channels" {
  description = "Full names of the Cloud Monitoring channels that alerts go to. Without any, incidents appear only in the console."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "project_id" {
  description = "Id of the project for all resources."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "Must be the id of a project, not its number or name."
  }
}

variable "protected_operations" {
  description = <<-EOT
    Operations that are never cancelled, for any sender: patterns of their names, as in
    `projects/my-project/**/operations/keep-*`.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for pattern in var.protected_operations : can(regex("^[!-+\\--~]+$", pattern))])
    error_message = "A pattern must have no spaces and no commas, and must not be empty."
  }
}

variable "queue_config" {
  description = <<-EOT
    Rate at which re-checks leave their queue. Each becomes one GET to the service of an operation:
    `max_dispatches_per_second` (up to 500) and `max_concurrent_dispatches` (up to 5000).
  EOT
  type = object({
    max_concurrent_dispatches = optional(number, 100)
    max_dispatches_per_second = optional(number, 100)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.queue_config.max_dispatches_per_second > 0 && var.queue_config.max_dispatches_per_second <= 500 &&
      var.queue_config.max_concurrent_dispatches >= 1 && var.queue_config.max_concurrent_dispatches <= 5000
    )
    error_message = "A queue dispatches up to 500 a second, and up to 5000 at once. At 0 no request would get its result."
  }
}

variable "region" {
  description = "Region of the function, its bucket, the queue and the scheduler's jobs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "Must be a region such as \"europe-west1\"."
  }
}

variable "request_publishers" {
  description = "Members that may publish requests, as in `group:finops@example.com`. They can cancel any operation that the settings allow."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.request_publishers : can(regex("^[A-Za-z]+:[^:].*$", member))])
    error_message = "Each must be a member such as \"serviceAccount:…\" or \"group:…\". Everybody (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "result_subscriptions" {
  description = <<-EOT
    Subscriptions to the results, by the end of their names. `filter`: on attributes, as in
    `attributes.outcome != "CANCELLED"`, up to 256 characters, fixed for the subscription's life. `push`: endpoint
    and token; without it, results are pulled. `subscribers`: members that may pull. `ack_deadline_seconds`: in seconds.
  EOT
  # map(object({
  #   ack_deadline_seconds = optional(number, 60)
  #   filter               = optional(string)
  #   push = optional(object({
  #     audience              = optional(string)
  #     endpoint              = string
  #     service_account_email = optional(string)
  #   }))
  #   subscribers = optional(list(string), [])
  # }))
  type     = any
  default  = { pull = {} }
  nullable = false

  validation {
    condition = length(try(flatten([for subscription in var.result_subscriptions : [
      setsubtract(try(keys(subscription), []), local.result_subscription_fields),
      setsubtract(try(keys(subscription.push), []), local.push_fields),
    ]]), [])) == 0
    error_message = "Unknown fields in result_subscriptions: ${join(", ", try(flatten([
      for key, subscription in var.result_subscriptions : [
        [for field in setsubtract(try(keys(subscription), []), local.result_subscription_fields) : "${key}.${field}"],
        [for field in setsubtract(try(keys(subscription.push), []), local.push_fields) : "${key}.push.${field}"],
      ]
    ]), []))}. A subscription has ${join(", ", local.result_subscription_fields)}; its push ${join(", ", local.push_fields)}."
  }

  validation {
    condition = can([keys(var.result_subscriptions), [for subscription in var.result_subscriptions : [
      keys(subscription),
      tonumber(try(subscription.ack_deadline_seconds, null)),
      tostring(try(subscription.filter, null)),
      [for push in [try(subscription.push, null)] : [
        regex(".", push.endpoint),
        [for field in ["audience", "service_account_email"] : tostring(try(push[field], null))],
      ] if push != null],
      [for subscribers in [try(subscription.subscribers, null)] : join(",", subscribers) if subscribers != null],
    ]]])
    error_message = "Must be subscriptions by the end of their names: ack_deadline_seconds is a number, filter a string, subscribers a list of strings, and push has an endpoint, all its fields being strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for subscription in var.result_subscriptions : try(length(subscription.filter) <= 256, true)])
    error_message = "A filter has up to 256 characters."
  }

  validation {
    condition     = alltrue([for subscription in var.result_subscriptions : try(startswith(subscription.push.endpoint, "https://"), true)])
    error_message = "Results are pushed to https:// endpoints only."
  }

  validation {
    condition = alltrue(flatten([
      for subscription in var.result_subscriptions :
      [for member in try(flatten([subscription.subscribers]), []) : can(regex("^[A-Za-z]+:[^:].*$", member)) if member != null]
    ]))
    error_message = "Each subscriber must be a member such as \"serviceAccount:…\" or \"group:…\". Everybody (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "scheduler_jobs" {
  description = <<-EOT
    Jobs that start sweeps, by the end of their names. `schedule`: in cron's form, `0 3 * * *`. `time_zone`: as in
    `Europe/Berlin`, default `Etc/UTC`. `sweep`: a key of `sweeps`. `dry_run`: makes the runs of this job dry runs;
    `false` leaves that to the sweep. `paused`: whether the job is paused.
  EOT
  # map(object({
  #   dry_run   = optional(bool, false)
  #   paused    = optional(bool, false)
  #   schedule  = string
  #   sweep     = string
  #   time_zone = optional(string, "Etc/UTC")
  # }))
  type     = any
  default  = {}
  nullable = false

  validation {
    condition = length(try(flatten([for job in var.scheduler_jobs : setsubtract(try(keys(job), []), local.scheduler_job_fields)]), [])) == 0
    error_message = "Unknown fields in scheduler_jobs: ${join(", ", try(flatten([
      for key, job in var.scheduler_jobs :
      [for field in setsubtract(try(keys(job), []), local.scheduler_job_fields) : "${key}.${field}"]
    ]), []))}. A job has ${join(", ", local.scheduler_job_fields)}."
  }

  validation {
    condition = can([keys(var.scheduler_jobs), [for job in var.scheduler_jobs : [
      [for field in ["dry_run", "paused"] : tobool(try(job[field], null))],
      regex(".", job.schedule),
      regex(".", job.sweep),
      tostring(try(job.time_zone, null)),
    ]]])
    error_message = "Must be jobs by the end of their names, each with a schedule and a sweep: dry_run and paused are true or false, and the others are strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for job in var.scheduler_jobs : try(contains(keys(var.sweeps), job.sweep), true)])
    error_message = "A scheduler job names a sweep that is not in sweeps."
  }

  validation {
    condition     = alltrue([for job in var.scheduler_jobs : can(regex("^(every \\S.*|\\S+( +\\S+){4})$", try(job.schedule, "every day")))])
    error_message = "A schedule has the five fields of cron, as in \"0 3 * * *\", or is in words, as in \"every 24 hours\"."
  }
}

variable "services" {
  description = <<-EOT
    Services whose operations the function may cancel, each with the grants in `allowed_projects`. `permissions` go
    into a custom role, `roles` are granted unchanged. `{}` means `{service}.operations.cancel`, `get` and `list`, or
    the known equivalents (services.tf); for a service without known equivalents, one of the two is required:
    `{ permissions = [] }` if the grants are made elsewhere.
  EOT
  # map(object({
  #   permissions = optional(list(string))
  #   roles       = optional(list(string))
  # }))
  type     = any
  nullable = false

  validation {
    condition = length(try(flatten([for access in var.services : setsubtract(try(keys(access), []), local.service_fields)]), [])) == 0
    error_message = "Unknown fields in services: ${join(", ", try(flatten([
      for service, access in var.services :
      [for field in setsubtract(try(keys(access), []), local.service_fields) : "${service}.${field}"]
    ]), []))}. A service has ${join(", ", local.service_fields)}."
  }

  validation {
    condition = can([keys(var.services), [for access in var.services : [
      keys(access),
      [for field in local.service_fields : [for entries in [try(access[field], null)] : join(",", entries) if entries != null]],
    ]]])
    error_message = "Must be services by their names, each an object: permissions and roles are lists of strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for service in try(keys(var.services), []) : can(regex("^[a-z][a-z0-9]*$", service))])
    error_message = "Services are named as in docs/services.md: notebooks, not notebooks.googleapis.com."
  }

  validation {
    condition = alltrue([
      for service, access in var.services :
      !contains(local.undocumented_services, service) || try(access.permissions, null) != null || try(access.roles, null) != null
    ])
    error_message = "Google does not document which permission cancels operations of ${join(", ", setintersection(try(keys(var.services), []), local.undocumented_services))}: give permissions or roles. If you do not know them, try the service's predefined role for administrators, such as { roles = [\"roles/dialogflow.admin\"] }, with a dry run and then a cancel."
  }

  validation {
    condition = alltrue(flatten([
      for access in var.services : [
        for permission in try(flatten([access.permissions]), []) :
        can(regex("^[a-z0-9]+\\.[A-Za-z]+\\.[A-Za-z]+$", permission)) if permission != null
      ]
    ]))
    error_message = "A permission has three parts, as in notebooks.operations.cancel."
  }

  validation {
    condition = alltrue(flatten([
      for access in var.services : [
        for role in try(flatten([access.roles]), []) :
        can(regex("^(roles|organizations/[^/]+/roles)/[^/]+$", role)) && !contains(["roles/editor", "roles/owner"], role) if role != null
      ]
    ]))
    error_message = "A role is roles/… or organizations/…/roles/…. The basic roles editor and owner are refused: they allow far more than cancelling."
  }
}

variable "sweeps" {
  description = <<-EOT
    Sweeps that triggers may start, by name. `targets`: lists of operations, of `service` (in `version`) under `parents`, as
    in `projects/my-project/locations/us-central1`. `older_than`, `confirm_within`: in seconds, `86400s`. `match`,
    `exclude`: patterns by field, as in `{ name = ["**/operations/*"] }`. `limit`: maximum number of requests of a run.
    `dry_run`: true by default, so nothing is cancelled. A target can have rules of its own, which replace those of
    the sweep.
  EOT
  # map(object({
  #   confirm_within = optional(string)
  #   dry_run        = optional(bool, true)
  #   exclude        = optional(map(list(string)))
  #   limit          = optional(number)
  #   match          = optional(map(list(string)))
  #   older_than     = optional(string)
  #   targets = list(object({
  #     confirm_within = optional(string)
  #     dry_run        = optional(bool)
  #     exclude        = optional(map(list(string)))
  #     filter         = optional(string)
  #     match          = optional(map(list(string)))
  #     older_than     = optional(string)
  #     parents        = optional(list(string))
  #     service        = string
  #     version        = optional(string)
  #   }))
  # }))
  type     = any
  default  = {}
  nullable = false

  # Checks only the names of fields, so that it works at plan, before all values are known.
  validation {
    condition = length(try(flatten([for sweep in var.sweeps : [
      setsubtract(try(keys(sweep), []), local.sweep_fields),
      [for index in range(try(length(sweep.targets), 0)) : setsubtract(try(keys(sweep.targets[index]), []), local.target_fields)],
    ]]), [])) == 0
    error_message = "Unknown fields in sweeps: ${join(", ", try(flatten([for name, sweep in var.sweeps : [
      [for field in setsubtract(try(keys(sweep), []), local.sweep_fields) : "${name}.${field}"],
      [for index in range(try(length(sweep.targets), 0)) : [
        for field in setsubtract(try(keys(sweep.targets[index]), []), local.target_fields) : "${name}.targets[${index}].${field}"
      ]],
    ]]), []))}. A sweep has ${join(", ", local.sweep_fields)}; a target ${join(", ", local.target_fields)}."
  }

  validation {
    condition = can([keys(var.sweeps), [for sweep in var.sweeps : [
      [for target in sweep.targets : regex(".", target.service)],
      [for rules in concat([sweep], sweep.targets) : [
        [for field in ["confirm_within", "filter", "older_than", "version"] : tostring(try(rules[field], null))],
        tobool(try(rules.dry_run, null)),
        tonumber(try(rules.limit, null)),
        [for parents in [try(rules.parents, null)] : join(",", parents) if parents != null],
        [for field in ["exclude", "match"] : [
          for globs in [try(rules[field], null)] : [for patterns in [for key in keys(globs) : globs[key]] : join(",", patterns)] if globs != null
        ]],
      ]],
    ]]])
    error_message = "Must be sweeps by their names, each with a list of targets, each with a service: dry_run is true or false, limit a number, parents a list of strings, exclude and match are lists of strings by field, as in { name = [\"**/operations/*\"] }, and the others are strings."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for name in try(keys(var.sweeps), []) : can(regex("^[A-Za-z][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "A sweep's name begins with a letter and has letters, digits, \".\", \"_\" and \"-\", up to 63."
  }

  validation {
    condition     = alltrue([for sweep in var.sweeps : try(length(sweep.targets) > 0, true)])
    error_message = "A sweep needs at least one target."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(contains(keys(var.services), trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
    ]]))
    error_message = "A sweep lists operations of a service that is not in services, so the function could neither list nor cancel them."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) : can(regex("^[^/]+(/[^/]+)*$", parent)) if parent != null
      ]
    ]]))
    error_message = "A parent contains the operations, and has no slash at its beginning or end, as in projects/my-project/locations/us-central1."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [for field in ["confirm_within", "older_than"] : [
      for duration in concat([try(sweep[field], null)], [
        for index in range(try(length(sweep.targets), 0)) : try(sweep.targets[index][field], null)
      ]) : can(regex("^[0-9]+(\\.[0-9]+)?s$", duration)) if duration != null
    ]]]))
    error_message = "Durations are in seconds, as in \"86400s\"."
  }

  validation {
    condition     = alltrue([for sweep in var.sweeps : try(sweep.limit >= 1, true)])
    error_message = "A limit must be at least 1."
  }
}

variable "trigger_publishers" {
  description = "Members that may start sweeps, besides Cloud Scheduler and Cloud Billing, as in `group:finops@example.com`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.trigger_publishers : can(regex("^[A-Za-z]+:[^:].*$", member))])
    error_message = "Each must be a member such as \"serviceAccount:…\" or \"group:…\". Everybody (allUsers, allAuthenticatedUsers) is refused."
  }
}
