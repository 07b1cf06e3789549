variable "alerts" {
  description = <<-EOT
    Alert policies. `enabled`: whether there are any. `disabled`: names of those to leave out, and `severities`: other
    severities by name; the names are in README.md. `error_ratio` (also of denied cancels), `unconfirmed_ratio`: the
    share of an hour's results (0 to 1) with that outcome above which an alert fires. `minimum_results`: results that an
    hour must have for that. `missing_ratio`: the share of an hour's requests without a result. `oldest_unacked_seconds`:
    seconds that a message may wait for the function. `auto_close_seconds`: seconds without news after which an incident
    is closed.
  EOT
  # object({
  #   auto_close_seconds     = optional(number, 86400)
  #   disabled               = optional(list(string), [])
  #   enabled                = optional(bool, true)
  #   error_ratio            = optional(number, 0.1)
  #   minimum_results        = optional(number, 10)
  #   missing_ratio          = optional(number, 0.1)
  #   oldest_unacked_seconds = optional(number, 900)
  #   severities             = optional(map(string), {})
  #   unconfirmed_ratio      = optional(number, 0.25)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.alerts), ["?"]), local.alert_fields)) == 0
    error_message = "Unknown fields in alerts: ${join(", ", setsubtract(try(keys(var.alerts), []), local.alert_fields))}. It is an object with ${join(", ", local.alert_fields)}."
  }

  validation {
    condition = can([
      [for field in ["auto_close_seconds", "error_ratio", "minimum_results", "missing_ratio", "oldest_unacked_seconds", "unconfirmed_ratio"] :
      tonumber(try(var.alerts[field], null))],
      tobool(try(var.alerts.enabled, null)),
      [for names in [try(var.alerts.disabled, null)] : join(",", names) if names != null],
      [for severities in [try(var.alerts.severities, null)] : [for name in keys(severities) : tostring(severities[name])] if severities != null],
    ])
    error_message = "In alerts, enabled is true or false, disabled a list of names, severities are strings by name, and the others are numbers."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition = length(setsubtract(
      concat(try([for name in var.alerts.disabled : name], []), try(keys(var.alerts.severities), [])), local.alert_names,
    )) == 0
    error_message = "There are no alerts ${join(", ", setsubtract(
      concat(try([for name in var.alerts.disabled : name], []), try(keys(var.alerts.severities), [])), local.alert_names,
    ))}. The alerts are ${join(", ", local.alert_names)}."
  }

  validation {
    condition = alltrue([for severity in try(values(var.alerts.severities), []) : try(contains(["CRITICAL", "ERROR", "WARNING"], severity), true)])
    error_message = "A severity of an alert is CRITICAL, ERROR or WARNING, which ${join(", ", [
      for alert, severity in try(var.alerts.severities, {}) : alert if !try(contains(["CRITICAL", "ERROR", "WARNING"], severity), true)
    ])} has not."
  }

  validation {
    condition = alltrue([
      for field in ["error_ratio", "missing_ratio", "unconfirmed_ratio"] :
      try(var.alerts[field] >= 0 && var.alerts[field] <= 1, true)
    ])
    error_message = "A ratio must be from 0 to 1, where 0.1 is a tenth of the results: see ${join(", ", [
      for field in ["error_ratio", "missing_ratio", "unconfirmed_ratio"] : field if !try(var.alerts[field] >= 0 && var.alerts[field] <= 1, true)
    ])} of alerts."
  }
}

variable "allowed_projects" {
  description = <<-EOT
    The projects whose operations may be cancelled; the function gets its roles in each. Empty for its own project
    alone; where others are named, its own is left out unless it is named too. A list of ids, whose numbers the module
    looks up; or, for projects of the same configuration, a map with keys of your choice and the `id` and `number` of
    each. `["*"]` allows any project, and grants nothing: grant roles in folders or the organization yourself.
  EOT
  # list(string), or map(object({
  #   id     = string
  #   number = optional(string)
  # }))
  type     = any
  default  = []
  nullable = false

  validation {
    condition = length(flatten([
      for key, project in var.allowed_projects :
      can(tonumber(key)) ? [] : setsubtract(try(keys(project), ["?"]), local.allowed_project_fields)
    ])) == 0
    error_message = "In a map, a project has id and number, and no other field, and its key is a name, not a number: see ${join(", ", [
      for key, project in var.allowed_projects : key
      if !can(tonumber(key)) && length(setsubtract(try(keys(project), ["?"]), local.allowed_project_fields)) > 0
    ])}."
  }

  validation {
    condition = alltrue([
      for key, project in var.allowed_projects :
      can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", can(tonumber(key)) ? tostring(project) : project.id)) ||
      try(tostring(project) == "*" && length(var.allowed_projects) == 1, false)
    ])
    error_message = "Each must be the id of a project, or \"*\" alone for any project: see ${join(", ", [
      for key, project in var.allowed_projects : can(tonumber(key)) ? try(tostring(project), "[${key}]") : key
      if !can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", can(tonumber(key)) ? tostring(project) : project.id))
    ])}."
  }

  validation {
    condition = alltrue([
      for key, project in var.allowed_projects :
      can(regex("^[0-9]+$", project.number)) if !can(tonumber(key)) && contains(try(keys(project), []), "number")
    ])
    error_message = "The number of a project has digits only, which that of ${join(", ", [
      for key, project in var.allowed_projects : key
      if !can(tonumber(key)) && contains(try(keys(project), []), "number") && !can(regex("^[0-9]+$", project.number))
    ])} has not. Leave it out where the module is to look it up."
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
    error_message = "Must have at least one entry, each a service such as \"notebooks\", or \"*\"${join("", [
      for service in var.allowed_services : ", and not \"${service}\"" if !can(regex("^(\\*|[a-z][a-z0-9]*(\\.googleapis\\.com)?)$", service))
    ])}."
  }
}

variable "billing_account" {
  description = "Id of the billing account of `budgets`, as in `012345-567890-ABCDEF`."
  type        = string
  default     = null
}

variable "binary_authorization_policy" {
  description = "Policy of Binary Authorization for the function, as in `default`, where an organization requires one."
  type        = string
  default     = null
}

variable "bucket_name" {
  description = "Name of the bucket for the function's source. Default: made of the project and `name`. Names of buckets are global, and another may have it."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "Must be 3 to 63 lower-case letters, digits, hyphens, underscores and dots."
  }
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
    error_message = "Must be a list of budget rules, each with a sweep: a threshold is a number, on_forecast true or false, and the others are strings${join("", try([
      for index, rule in concat([], var.budget_rules) : ", which [${index}] is not" if !can([
        [for field in ["budget", "budget_display_name", "budget_id"] : tostring(try(rule[field], null))],
        tobool(try(rule.on_forecast, null)),
        regex(".", rule.sweep),
        tonumber(try(rule.threshold, null)),
      ])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for rule in var.budget_rules : try(contains(keys(var.sweeps), rule.sweep), true)])
    error_message = "Budget rules name sweeps that are not in sweeps: ${join(", ", [for index, rule in var.budget_rules : "[${index}] names ${try(rule.sweep, "-")}" if !try(contains(keys(var.sweeps), rule.sweep), true)])}."
  }

  validation {
    condition = alltrue([for rule in var.budget_rules :
      length([for field in ["budget", "budget_display_name", "budget_id"] : field if try(rule[field], null) != null]) == 1
    ])
    error_message = "A budget rule must have exactly one of budget, budget_display_name and budget_id, which ${join(", ", [
      for index, rule in var.budget_rules : "[${index}] for ${try(rule.sweep, "-")}"
      if length([for field in ["budget", "budget_display_name", "budget_id"] : field if try(rule[field], null) != null]) != 1
    ])} has not."
  }

  validation {
    condition = alltrue(flatten([for rule in var.budget_rules :
      [for budget in [try(rule.budget, null)] : contains(keys(var.budgets), budget) if budget != null]
    ]))
    error_message = "Budget rules name budgets that are not in budgets: ${join(", ", flatten([
      for index, rule in var.budget_rules : [
        for budget in [try(rule.budget, null)] : "[${index}] names ${budget}" if budget != null && !contains(keys(var.budgets), coalesce(budget, "-"))
      ]
    ]))}. Name an existing one by budget_id or budget_display_name."
  }

  validation {
    condition = alltrue([for rule in var.budget_rules : try(rule.threshold > 0 && rule.threshold <= 20, true)])
    error_message = "A threshold must be a fraction of the budget, where 1 is all of it and 0.5 half: see ${join(", ", [
      for index, rule in var.budget_rules : "[${index}] for ${try(rule.sweep, "-")}" if !try(rule.threshold > 0 && rule.threshold <= 20, true)
    ])}."
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
    condition     = var.budget_topic != "projects/${var.project_id}/topics/${local.name}-triggers"
    error_message = "The triggers topic is always delivered: as budget_topic it would be delivered twice and start every sweep twice."
  }
}

variable "budgets" {
  description = <<-EOT
    Budgets to create, which notify the function of their costs. `amount`: in whole units of `currency_code` (default:
    the billing account's currency); or `last_period_amount = true`. `calendar_period`: `MONTH` by default, or `QUARTER`
    or `YEAR`. `credit_types_treatment`: whether credits lower the costs, `INCLUDE_ALL_CREDITS` by default, or
    `EXCLUDE_ALL_CREDITS`. `display_name`: default the name of this module and the key. The costs are those of
    `project_numbers` (default `allowed_projects`), `resource_ancestors` (`folders/…`, `organizations/…`), `services`
    (`services/…`) and `labels`. `thresholds`: fractions of the amount that cause a notification; those of
    `budget_rules` are added. `notification_channels`, `email_billing_admins`: who gets emails.
  EOT
  # map(object({
  #   amount                 = optional(number)
  #   calendar_period        = optional(string)
  #   credit_types_treatment = optional(string)
  #   currency_code          = optional(string)
  #   display_name           = optional(string)
  #   email_billing_admins   = optional(bool, true)
  #   labels                 = optional(map(string))
  #   last_period_amount     = optional(bool, false)
  #   notification_channels  = optional(list(string))
  #   project_numbers        = optional(list(string))
  #   resource_ancestors     = optional(list(string))
  #   services               = optional(list(string))
  #   thresholds             = optional(list(number), [0.5, 0.9, 1])
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
      keys(budget),
      tonumber(try(budget.amount, null)),
      [for field in ["calendar_period", "credit_types_treatment", "currency_code", "display_name"] : tostring(try(budget[field], null))],
      [for field in ["email_billing_admins", "last_period_amount"] : tobool(try(budget[field], null))],
      [for labels in [try(budget.labels, null)] : [for key in keys(labels) : tostring(labels[key])] if labels != null],
      [for field in ["notification_channels", "resource_ancestors", "services"] : [
        for entries in [try(budget[field], null)] : join(",", entries) if entries != null
      ]],
      [for numbers in [try(budget.project_numbers, null)] : join(",", numbers) if numbers != null],
      [for thresholds in [try(budget.thresholds, null)] : [for threshold in flatten(thresholds) : threshold + 0] if thresholds != null],
    ]]])
    error_message = "Must be budgets by their keys: amount is a number, thresholds are a list of numbers, email_billing_admins and last_period_amount true or false, labels strings by name, notification_channels, project_numbers, resource_ancestors and services lists of strings, and the others are strings${join("", try([
      for key in keys(var.budgets) : ", which ${key} is not" if !can([for budget in [var.budgets[key]] : [
        keys(budget),
        tonumber(try(budget.amount, null)),
        [for field in ["calendar_period", "credit_types_treatment", "currency_code", "display_name"] : tostring(try(budget[field], null))],
        [for field in ["email_billing_admins", "last_period_amount"] : tobool(try(budget[field], null))],
        [for labels in [try(budget.labels, null)] : [for key in keys(labels) : tostring(labels[key])] if labels != null],
        [for field in ["notification_channels", "resource_ancestors", "services"] : [
          for entries in [try(budget[field], null)] : join(",", entries) if entries != null
        ]],
        [for numbers in [try(budget.project_numbers, null)] : join(",", numbers) if numbers != null],
        [for thresholds in [try(budget.thresholds, null)] : [for threshold in flatten(thresholds) : threshold + 0] if thresholds != null],
      ]])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = try(length(var.budgets), 0) == 0 || var.billing_account != null
    error_message = "Budgets belong to a billing account: set billing_account."
  }

  validation {
    condition = alltrue([for budget in var.budgets :
      (try(tonumber(budget.amount), null) != null) != (try(tobool(budget.last_period_amount), null) == true)
    ])
    error_message = "A budget has an amount, or last_period_amount = true, and not both: see ${join(", ", [
      for key, budget in var.budgets : key if(try(tonumber(budget.amount), null) != null) == (try(tobool(budget.last_period_amount), null) == true)
    ])}."
  }

  validation {
    condition = alltrue([for budget in var.budgets :
      contains(["MONTH", "QUARTER", "YEAR"], try(coalesce(budget.calendar_period), "MONTH")) &&
      contains(["INCLUDE_ALL_CREDITS", "EXCLUDE_ALL_CREDITS"], try(coalesce(budget.credit_types_treatment), "INCLUDE_ALL_CREDITS"))
    ])
    error_message = "A calendar_period is MONTH, QUARTER or YEAR; credit_types_treatment INCLUDE_ALL_CREDITS or EXCLUDE_ALL_CREDITS: see ${join(", ", [
      for key, budget in var.budgets : key
      if !contains(["MONTH", "QUARTER", "YEAR"], try(coalesce(budget.calendar_period), "MONTH")) ||
      !contains(["INCLUDE_ALL_CREDITS", "EXCLUDE_ALL_CREDITS"], try(coalesce(budget.credit_types_treatment), "INCLUDE_ALL_CREDITS"))
    ])}."
  }

  validation {
    condition     = length(distinct([for key in try(keys(var.budgets), []) : try(coalesce(var.budgets[key].display_name), "${var.name} ${key}")])) == length(var.budgets)
    error_message = "Each budget needs a display_name of its own: rules know the budgets of this module by it."
  }

  validation {
    condition = !contains(try([for key, project in var.allowed_projects : project], []), "*") || alltrue([for budget in var.budgets :
      try(budget.project_numbers, null) != null || try(budget.resource_ancestors, null) != null
    ])
    error_message = "With allowed_projects = [\"*\"], a budget must name its project_numbers or resource_ancestors, which ${join(", ", [
      for key, budget in var.budgets : key if try(budget.project_numbers, null) == null && try(budget.resource_ancestors, null) == null
    ])} does not."
  }

  validation {
    condition = alltrue([for budget in var.budgets : try(budget.amount > 0 && budget.amount == floor(budget.amount), true)])
    error_message = "An amount must be positive, in whole units of its currency, which that of ${join(", ", [
      for key, budget in var.budgets : key if !try(budget.amount > 0 && budget.amount == floor(budget.amount), true)
    ])} is not."
  }

  validation {
    condition = alltrue(flatten([
      for budget in var.budgets : [for threshold in try(flatten([budget.thresholds]), []) : try(threshold > 0 && threshold <= 20, true)]
    ]))
    error_message = "Thresholds must be fractions of the amount, where 1 is all of it and 0.5 half: see ${join(", ", [
      for key, budget in var.budgets : key
      if !alltrue([for threshold in try(flatten([budget.thresholds]), []) : try(threshold > 0 && threshold <= 20, true)])
    ])}."
  }
}

variable "bundle" {
  description = <<-EOT
    The function's source, as one of `dir`, a folder that `npm run build` made; `zip`, the path of a release's zip; and
    `gcs`, the same zip as an object in Cloud Storage. `sha256` is what the zip's content must have. Default: the folder
    `dist` of the repository that this module is in.
  EOT
  # object({
  #   dir = optional(string)
  #   gcs = optional(object({
  #     bucket = string
  #     object = string
  #   }))
  #   sha256 = optional(string)
  #   zip    = optional(string)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.bundle), ["?"]), local.bundle_fields)) == 0
    error_message = "Unknown fields in bundle: ${join(", ", setsubtract(try(keys(var.bundle), []), local.bundle_fields))}. It is an object with ${join(", ", local.bundle_fields)}."
  }

  validation {
    condition = can([
      [for field in ["dir", "sha256", "zip"] : tostring(try(var.bundle[field], null))],
      [for object in [try(var.bundle.gcs, null)] : [regex(".", object.bucket), regex(".", object.object)] if object != null],
    ]) && length(setsubtract(try(keys(var.bundle.gcs), []), local.bundle_object_fields)) == 0
    error_message = "In bundle, dir, sha256 and zip are strings, and gcs is an object with ${join(" and ", local.bundle_object_fields)}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = length([for field in ["dir", "zip", "gcs"] : field if try(var.bundle[field], null) != null]) <= 1
    error_message = "The bundle is one of dir, zip and gcs."
  }

  validation {
    condition     = try(var.bundle.sha256, null) == null || (try(var.bundle.zip, null) != null && can(regex("^[0-9a-f]{64}$", var.bundle.sha256)))
    error_message = "The sha256 is that of a zip, 64 hexadecimal digits in lower case."
  }
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

variable "custom_role" {
  description = <<-EOT
    The custom role for the permissions of `services`. `id`: the id of the role that is made in each allowed project,
    where another deployment or a deleted role has the default, `{name}_{project}`. `name`: the full name of an existing
    role instead, as in `organizations/123/roles/lroCancel`; the output `permissions` lists what it needs.
  EOT
  # object({
  #   id   = optional(string)
  #   name = optional(string)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.custom_role), ["?"]), local.custom_role_fields)) == 0 && length(try(keys(var.custom_role), [])) <= 1
    error_message = "The custom role has an id or a name, and no other field."
  }

  validation {
    condition     = !contains(try(keys(var.custom_role), []), "id") || can(regex("^[a-zA-Z0-9_.]{3,64}$", var.custom_role.id))
    error_message = "The id of a role has 3 to 64 letters, digits, underscores and dots."
  }

  validation {
    condition     = !contains(try(keys(var.custom_role), []), "name") || can(regex("^(organizations|projects)/[^/]+/roles/[^/]+$", var.custom_role.name))
    error_message = "The name of a role is organizations/…/roles/… or projects/…/roles/…."
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

variable "deletion_protection" {
  description = "Whether a plan is refused that would delete the queue because of another name, region or project: each task in it is a request without a result. `terraform destroy` is not refused."
  type        = bool
  default     = true
  nullable    = false
}

variable "docker_repository" {
  description = "Repository of Artifact Registry for the function's image, as in `projects/my-project/locations/europe-west1/repositories/functions`. Default: `gcf-artifacts`, which Cloud Run functions makes. Required with `kms_key`, and encrypted with that key itself."
  type        = string
  default     = null

  validation {
    condition     = var.docker_repository == null || can(regex("^projects/[^/]+/locations/[^/]+/repositories/[^/]+$", var.docker_repository))
    error_message = "Must be projects/{project}/locations/{location}/repositories/{repository}."
  }
}

variable "enable_apis" {
  description = "Whether to enable, in the function's project, the APIs that this module needs and those of `services`. They stay enabled when the module is destroyed."
  type        = bool
  default     = true
  nullable    = false
}

variable "first_recheck_after" {
  description = "How long after an accepted cancel the function first checks whether the operation has ended, in seconds: `5s`. Each further check waits twice as long, up to `300s`."
  type        = string
  default     = "5s"
  nullable    = false

  validation {
    condition = can(regex("^[1-9][0-9]{0,2}s$", var.first_recheck_after)) && try(
      tonumber(trimsuffix(var.first_recheck_after, "s")) <= 300, false
    )
    error_message = "Must be whole seconds such as \"5s\", from \"1s\" to \"300s\"."
  }
}

variable "function_config" {
  description = <<-EOT
    Size of the function. `concurrency`: requests at once in an instance. `cpu`: CPUs of an instance. `memory`: of an
    instance, with its unit. `min_instances`, `max_instances`: limits of their number. `timeout_seconds`: for one
    delivery, in seconds.
  EOT
  # object({
  #   concurrency     = optional(number, 80)
  #   cpu             = optional(string, "1")
  #   max_instances   = optional(number, 10)
  #   memory          = optional(string, "512Mi")
  #   min_instances   = optional(number, 0)
  #   timeout_seconds = optional(number, 60)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.function_config), ["?"]), local.function_config_fields)) == 0
    error_message = "Unknown fields in function_config: ${join(", ", setsubtract(try(keys(var.function_config), []), local.function_config_fields))}. It is an object with ${join(", ", local.function_config_fields)}."
  }

  validation {
    condition = can([
      [for field in ["concurrency", "max_instances", "min_instances", "timeout_seconds"] : tonumber(try(var.function_config[field], null))],
      [for field in ["cpu", "memory"] : tostring(try(var.function_config[field], null))],
    ])
    error_message = "In function_config, cpu and memory are strings, and the others are numbers."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition = (
      try(tonumber(var.function_config.concurrency), null) == 1 ||
      try(tonumber(coalesce(tostring(var.function_config.cpu))) >= 1, try(coalesce(var.function_config.cpu), null) == null)
    )
    error_message = "Cloud Run gives an instance of less than 1 CPU one request at a time: set concurrency to 1, or cpu to at least \"1\"."
  }

  validation {
    condition     = try(var.function_config.concurrency >= 1 && var.function_config.concurrency <= 1000, true)
    error_message = "The concurrency must be from 1 to 1000."
  }

  validation {
    condition     = can(regex("^[1-9][0-9]*(M|Mi|G|Gi)$", try(coalesce(var.function_config.memory), "512Mi")))
    error_message = "The memory must have its unit, as in \"512Mi\" or \"1Gi\"."
  }

  validation {
    condition = alltrue([for least in [try(coalesce(tonumber(var.function_config.min_instances)), 0)] :
      least >= 0 && try(coalesce(tonumber(var.function_config.max_instances)), 10) >= max(1, least)
    ])
    error_message = "max_instances must be at least 1, and not below min_instances."
  }

  validation {
    condition     = try(var.function_config.timeout_seconds >= 60 && var.function_config.timeout_seconds <= 3600, true)
    error_message = "The timeout must be from 60 to 3600 seconds: a delivery can take nearly the 60 s of its ack deadline."
  }

  # Source: https://cloud.google.com/run/docs/configuring/services/cpu
  validation {
    condition = alltrue([
      for size in [{
        cpu = try(coalesce(tostring(var.function_config.cpu)), "1")
        mib = try(
          tonumber(regex("^[0-9]+", var.function_config.memory)) *
          lookup(local.mib_of_units, regex("[A-Za-z]+$", var.function_config.memory), 1),
          512
        )
      }] :
      size.mib >= lookup({ "4" = 2000, "6" = 4000, "8" = 4000 }, size.cpu, 0) &&
      size.mib <= lookup({ "1" = 4096, "2" = 8192, "4" = 16384, "6" = 24576, "8" = 32768 }, size.cpu, 1024)
    ])
    error_message = "Cloud Run does not combine this memory with this cpu: less than 1 CPU has up to 1Gi, 1 up to 4Gi, 2 up to 8Gi, 4 from 2Gi to 16Gi, 6 and 8 from 4Gi."
  }
}

variable "kms_key" {
  description = "Key of Cloud KMS that encrypts topics, bucket and function, as in `projects/…/locations/…/keyRings/…/cryptoKeys/…`. Grant it to the members of the output `kms_members` first. The queue is encrypted by the project's own configuration of Cloud Tasks."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "Must be projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}."
  }

  validation {
    condition     = var.kms_key == null || var.docker_repository != null
    error_message = "With a key, Cloud Run functions require a docker_repository that is encrypted with it."
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
  # object({
  #   rechecks = optional(number, 100)
  #   requests = optional(number, 20)
  #   triggers = optional(number, 20)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.max_delivery_attempts), ["?"]), local.max_delivery_attempts_fields)) == 0
    error_message = "Unknown fields in max_delivery_attempts: ${join(", ", setsubtract(try(keys(var.max_delivery_attempts), []), local.max_delivery_attempts_fields))}. It is an object with ${join(", ", local.max_delivery_attempts_fields)}."
  }

  validation {
    condition     = can([for field in local.max_delivery_attempts_fields : tonumber(try(var.max_delivery_attempts[field], null))])
    error_message = "In max_delivery_attempts, all are numbers."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition = alltrue([for field in local.max_delivery_attempts_fields :
      try(var.max_delivery_attempts[field] >= 5 && var.max_delivery_attempts[field] <= 100, true)
    ])
    error_message = "Pub/Sub takes 5 to 100 attempts, which these are not: ${join(", ", [
      for field in local.max_delivery_attempts_fields : field
      if !try(var.max_delivery_attempts[field] >= 5 && var.max_delivery_attempts[field] <= 100, true)
    ])}."
  }
}

variable "message_keys" {
  description = "Secret with the keys by which the function proves its own messages: `MESSAGE_KEYS` of docs/settings.md. Make the secret before; a version that is named, and not `latest`, is read by every instance alike."
  # object({
  #   project_id = optional(string)
  #   secret     = string
  #   version    = string
  # })
  type    = any
  default = null

  validation {
    condition     = var.message_keys == null || length(setsubtract(try(keys(var.message_keys), ["?"]), local.message_keys_fields)) == 0
    error_message = "Unknown fields in message_keys: ${join(", ", setsubtract(try(keys(var.message_keys), []), local.message_keys_fields))}. It is an object with ${join(", ", local.message_keys_fields)}."
  }

  validation {
    condition     = var.message_keys == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.message_keys.secret))
    error_message = "secret must be the id of a secret, as in \"lro-cancel-message-keys\"."
  }

  validation {
    condition     = var.message_keys == null || can(regex("^[1-9][0-9]*$", var.message_keys.version))
    error_message = "version must be the number of a version: instances that read different keys reject each other's messages."
  }

  validation {
    condition     = try(var.message_keys.project_id, null) == null || can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.message_keys.project_id))
    error_message = "project_id must be the id of the secret's project."
  }
}

variable "message_regions" {
  description = "Regions that Pub/Sub may store messages in, as in `[\"europe-west1\"]`. Empty for the policy of the organization."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for region in var.message_regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    error_message = "Each must be a region such as \"europe-west1\", which ${join(", ", [
      for region in var.message_regions : "\"${region}\"" if !can(regex("^[a-z]+-[a-z]+[0-9]+$", region))
    ])} is not."
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

variable "name_prefix" {
  description = "Prefix of `name`, as in `fin` for `fin-lro-cancel`. Together they have up to 24 characters."
  type        = string
  default     = null

  validation {
    condition     = var.name_prefix == null || can(regex("^[a-z][a-z0-9-]*$", var.name_prefix))
    error_message = "Must be lower-case letters, digits and hyphens, beginning with a letter."
  }

  validation {
    condition     = var.name_prefix == null || try(length("${var.name_prefix}-${var.name}") <= 24, true)
    error_message = "The prefix and the name have up to 24 characters together, because they are part of the names of service accounts."
  }
}

variable "node_options" {
  description = "Options of Node for the function, in its variable `NODE_OPTIONS`, as in `--import=./tracing.js` for an SDK that records its spans. The module adds the size of the heap for young objects, which a `--max-semi-space-size` here replaces."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[^[:cntrl:]]*$", var.node_options))
    error_message = "Must be one line, as in \"--import=./tracing.js\"."
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

variable "project_number" {
  description = "Number of the project. Default: the module finds it out. Give it where `enable_apis` is false and the project is made in the same configuration, or where the module has a `depends_on`."
  type        = string
  default     = null

  validation {
    condition     = var.project_number == null || can(regex("^[0-9]+$", var.project_number))
    error_message = "Must be the number of the project, digits only."
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
    condition = alltrue([for pattern in var.protected_operations : can(regex("^[!-+\\--~]+$", pattern))])
    error_message = "A pattern must have no spaces and no commas, and must not be empty: see ${join(", ", [
      for pattern in var.protected_operations : "\"${pattern}\"" if !can(regex("^[!-+\\--~]+$", pattern))
    ])}."
  }
}

variable "queue_config" {
  description = <<-EOT
    Rate at which re-checks leave their queue. Each becomes one GET to the service of an operation:
    `max_dispatches_per_second` (up to 500) and `max_concurrent_dispatches` (up to 5000).
  EOT
  # object({
  #   max_concurrent_dispatches = optional(number, 100)
  #   max_dispatches_per_second = optional(number, 100)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.queue_config), ["?"]), local.queue_config_fields)) == 0
    error_message = "Unknown fields in queue_config: ${join(", ", setsubtract(try(keys(var.queue_config), []), local.queue_config_fields))}. It is an object with ${join(", ", local.queue_config_fields)}."
  }

  validation {
    condition     = can([for field in local.queue_config_fields : tonumber(try(var.queue_config[field], null))])
    error_message = "In queue_config, all are numbers."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition = (
      try(var.queue_config.max_dispatches_per_second > 0 && var.queue_config.max_dispatches_per_second <= 500, true) &&
      try(var.queue_config.max_concurrent_dispatches >= 1 && var.queue_config.max_concurrent_dispatches <= 5000, true)
    )
    error_message = "A queue dispatches up to 500 a second, and up to 5000 at once. At 0 no request would get its result."
  }
}

variable "queue_region" {
  description = "Region of the queue, where Cloud Tasks does not exist in `region`: it is in fewer regions than Cloud Run (`gcloud tasks locations list`). Default: `region`."
  type        = string
  default     = null

  validation {
    condition     = var.queue_region == null || can(regex("^[a-z]+-[a-z]+[0-9]+$", var.queue_region))
    error_message = "Must be a region such as \"europe-west1\"."
  }
}

variable "region" {
  description = "Region of the function and its bucket, and, unless others are given, of the queue and the scheduler's jobs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "Must be a region such as \"europe-west1\"."
  }
}

variable "request_publishers" {
  description = "Members that may publish requests, as in `group:finops@example.com`. They can cancel any operation that the settings allow. A map, with keys of your choice, can also have members that are known only after apply."
  # list(string), or map(string)
  type     = any
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for member in var.request_publishers : can(regex("^[A-Za-z]+:[^:].*$", member))])
    error_message = "Each must be a member such as \"serviceAccount:…\" or \"group:…\", which ${join(", ", [for key, member in var.request_publishers : try("\"${member}\"", key) if !can(regex("^[A-Za-z]+:[^:].*$", member))])} is not. Everybody (allUsers, allAuthenticatedUsers) is refused."
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
    error_message = "Must be subscriptions by the end of their names: ack_deadline_seconds is a number, filter a string, subscribers a list of strings, and push has an endpoint, all its fields being strings${join("", try([
      for key in keys(var.result_subscriptions) : ", which ${key} is not" if !can([for subscription in [var.result_subscriptions[key]] : [
        keys(subscription),
        tonumber(try(subscription.ack_deadline_seconds, null)),
        tostring(try(subscription.filter, null)),
        [for push in [try(subscription.push, null)] : [
          regex(".", push.endpoint),
          [for field in ["audience", "service_account_email"] : tostring(try(push[field], null))],
        ] if push != null],
        [for subscribers in [try(subscription.subscribers, null)] : join(",", subscribers) if subscribers != null],
      ]])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for subscription in var.result_subscriptions : try(length(subscription.filter) <= 256, true)])
    error_message = "A filter has up to 256 characters; that of ${join(", ", [for key, subscription in var.result_subscriptions : key if !try(length(subscription.filter) <= 256, true)])} has more."
  }

  validation {
    condition     = alltrue([for subscription in var.result_subscriptions : try(startswith(subscription.push.endpoint, "https://"), true)])
    error_message = "Results are pushed to https:// endpoints only, which that of ${join(", ", [for key, subscription in var.result_subscriptions : key if !try(startswith(subscription.push.endpoint, "https://"), true)])} is not."
  }

  validation {
    condition = alltrue(flatten([
      for subscription in var.result_subscriptions :
      [for member in try(flatten([subscription.subscribers]), []) : can(regex("^[A-Za-z]+:[^:].*$", member)) if member != null]
    ]))
    error_message = "Each subscriber must be a member such as \"serviceAccount:…\" or \"group:…\", which some of ${join(", ", [
      for key, subscription in var.result_subscriptions : key
      if !alltrue([for member in try(flatten([subscription.subscribers]), []) : can(regex("^[A-Za-z]+:[^:].*$", member)) if member != null])
    ])} are not. Everybody (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "runbook_url" {
  description = "Address of docs/operations.md where those on call can open it. Alerts link to its sections; without it, each alert has the text of its section."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_url == null || can(regex("^https://[^#\\s]+$", var.runbook_url))
    error_message = "Must be an https:// address without a fragment."
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
    error_message = "Must be jobs by the end of their names, each with a schedule and a sweep: dry_run and paused are true or false, and the others are strings${join("", try([
      for key in keys(var.scheduler_jobs) : ", which ${key} is not" if !can([for job in [var.scheduler_jobs[key]] : [
        [for field in ["dry_run", "paused"] : tobool(try(job[field], null))],
        regex(".", job.schedule),
        regex(".", job.sweep),
        tostring(try(job.time_zone, null)),
      ]])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for job in var.scheduler_jobs : try(contains(keys(var.sweeps), job.sweep), true)])
    error_message = "Scheduler jobs name sweeps that are not in sweeps: ${join(", ", [for key, job in var.scheduler_jobs : "${key} names ${try(job.sweep, "-")}" if !try(contains(keys(var.sweeps), job.sweep), true)])}."
  }

  validation {
    condition = alltrue([for job in var.scheduler_jobs : can(regex("^(every \\S.*|\\S+( +\\S+){4})$", try(job.schedule, "every day")))])
    error_message = "A schedule has the five fields of cron, as in \"0 3 * * *\", or is in words, as in \"every 24 hours\", which that of ${join(", ", [
      for key, job in var.scheduler_jobs : key if !can(regex("^(every \\S.*|\\S+( +\\S+){4})$", try(job.schedule, "every day")))
    ])} is not."
  }
}

variable "scheduler_region" {
  description = "Region of the scheduler's jobs, where Cloud Scheduler does not exist in `region` (`gcloud scheduler locations list`). Default: `region`."
  type        = string
  default     = null

  validation {
    condition     = var.scheduler_region == null || can(regex("^[a-z]+-[a-z]+[0-9]+$", var.scheduler_region))
    error_message = "Must be a region such as \"europe-west1\"."
  }
}

variable "service_accounts" {
  description = <<-EOT
    Email addresses of existing service accounts, by what they are for: `function`, `push` (Pub/Sub's pushes), `tasks`
    (Cloud Tasks) and `build` (Cloud Build). Those that are not named are made. The module grants each its roles, except
    those of the build, which are in README.md.
  EOT
  # object({
  #   build    = optional(string)
  #   function = optional(string)
  #   push     = optional(string)
  #   tasks    = optional(string)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.service_accounts), ["?"]), local.service_account_fields)) == 0
    error_message = "There are no service accounts for ${join(", ", setsubtract(try(keys(var.service_accounts), []), local.service_account_fields))}. Service accounts are for ${join(", ", local.service_account_fields)}."
  }

  validation {
    condition = alltrue([for use in try(keys(var.service_accounts), []) :
      can(regex("^[a-z0-9-]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_accounts[use]))
    ])
    error_message = "Each must be the email address of a service account that a project has, {name}@{project}.iam.gserviceaccount.com, which ${join(", ", [
      for use in try(keys(var.service_accounts), []) : use if !can(regex("^[a-z0-9-]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_accounts[use]))
    ])} is not."
  }
}

variable "services" {
  description = <<-EOT
    Services whose operations and jobs the function may cancel, each with the grants in `allowed_projects`. `{}` means
    `{service}.operations.cancel`, `get` and `list`, or the known equivalents (services.tf). `jobs`: kinds of jobs
    (docs/jobs.md), as in `["customJobs", "pipelineJobs"]`, with the permissions of each (jobs.tf), or `["*"]` for all that
    need not be named; `operations = true` beside them grants those of `{}`, too. `permissions` go into the custom role,
    `roles` are granted unchanged; one of the two is required where permissions are not known: `{ permissions = [] }` if
    the grants are made elsewhere.
  EOT
  # map(object({
  #   jobs        = optional(list(string))
  #   operations  = optional(bool)
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
      [for field in ["jobs", "permissions", "roles"] : [for entries in [try(access[field], null)] : join(",", entries) if entries != null]],
      tobool(try(access.operations, null)),
    ]]])
    error_message = "Must be services by their names, each an object: jobs, permissions and roles are lists of strings, operations is true or false${join("", try([
      for service in keys(var.services) : ", which ${service} is not" if !can([for access in [var.services[service]] : [
        keys(access),
        [for field in ["jobs", "permissions", "roles"] : [for entries in [try(access[field], null)] : join(",", entries) if entries != null]],
        tobool(try(access.operations, null)),
      ]])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for service in try(keys(var.services), []) : can(regex("^[a-z][a-z0-9]*$", service))])
    error_message = "Services are named as in docs/services.md, notebooks and not notebooks.googleapis.com: see ${join(", ", [for service in try(keys(var.services), []) : service if !can(regex("^[a-z][a-z0-9]*$", service))])}."
  }

  validation {
    condition = alltrue([
      for service, access in var.services :
      !contains(local.undocumented_services, service) || !try(
        coalesce(tobool(access.operations)),
        alltrue([for field in ["jobs", "permissions", "roles"] : try(access[field], null) == null]),
      )
    ])
    error_message = "Google does not document which permission cancels operations of ${join(", ", [
      for service, access in var.services : service
      if contains(local.undocumented_services, service) && try(
        coalesce(tobool(access.operations)),
        alltrue([for field in ["jobs", "permissions", "roles"] : try(access[field], null) == null]),
      )
    ])}: give permissions or roles, or jobs if it is jobs that are to be cancelled. For aiplatform, README.md lists permissions; { roles = [\"roles/aiplatform.user\"] } has hundreds of others. For other services, try the predefined role for administrators, such as { roles = [\"roles/dialogflow.admin\"] }, with a dry run and then a cancel."
  }

  validation {
    condition = alltrue(flatten([for service, access in var.services : [
      for kind in try(flatten([access.jobs]), []) :
      kind == "*" ? length(lookup(local.usual_job_kinds, service, [])) > 0 : contains(keys(local.job_permissions), "${service}.${kind}") if kind != null
    ]]))
    error_message = "There are no such kinds of jobs, or \"*\" stands for none of them: ${join("; ", flatten([for service, access in var.services : [
      for kind in try(flatten([access.jobs]), []) : "\"${kind}\" of ${service}, whose kinds are ${coalesce(join(", ", [
        for known in keys(local.job_permissions) : trimprefix(known, "${service}.") if startswith(known, "${service}.")
      ]), "none")}"
      if kind != null && !(kind == "*" ? length(lookup(local.usual_job_kinds, service, [])) > 0 : contains(keys(local.job_permissions), "${service}.${coalesce(kind, "-")}"))
    ]]))}."
  }

  validation {
    condition = alltrue([for service, access in var.services :
      length(setintersection(local.unpublished_job_kinds, flatten([
        for kind in try(flatten([access.jobs]), []) : kind == "*" ? lookup(local.usual_job_kinds, service, []) : ["${service}.${kind}"] if kind != null
      ]))) == 0 || try(access.permissions, null) != null || try(access.roles, null) != null
    ])
    error_message = "Google does not publish which permission cancels ${join(", ", flatten([for service, access in var.services :
      setintersection(local.unpublished_job_kinds, flatten([
        for kind in try(flatten([access.jobs]), []) : kind == "*" ? lookup(local.usual_job_kinds, service, []) : ["${service}.${kind}"] if kind != null
      ])) if try(access.permissions, null) == null && try(access.roles, null) == null
    ]))}: give permissions or roles beside jobs, such as { jobs = [\"jobs\"], roles = [\"roles/batch.jobsEditor\"] } for batch, which can also create and delete jobs."
  }

  validation {
    condition = alltrue(flatten([
      for access in var.services : [
        for permission in try(flatten([access.permissions]), []) :
        can(regex("^[a-z0-9]+\\.[A-Za-z]+\\.[A-Za-z]+$", permission)) if permission != null
      ]
    ]))
    error_message = "A permission has three parts, as in notebooks.operations.cancel, which these have not: ${join(", ", flatten([
      for service, access in var.services : [
        for permission in try(flatten([access.permissions]), []) : "${permission} of ${service}"
        if permission != null && !can(regex("^[a-z0-9]+\\.[A-Za-z]+\\.[A-Za-z]+$", permission))
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for access in var.services : [
        for role in try(flatten([access.roles]), []) :
        can(regex("^(roles|organizations/[^/]+/roles)/[^/]+$", role)) && !contains(["roles/editor", "roles/owner"], role) if role != null
      ]
    ]))
    error_message = "A role is roles/… or organizations/…/roles/…. The basic roles editor and owner are refused: they allow far more than cancelling. Refused are ${join(", ", flatten([
      for service, access in var.services : [
        for role in try(flatten([access.roles]), []) : "${role} of ${service}"
        if role != null && !(can(regex("^(roles|organizations/[^/]+/roles)/[^/]+$", role)) && !contains(["roles/editor", "roles/owner"], role))
      ]
    ]))}."
  }
}

variable "slo" {
  description = "The objective, one result a request that is no `ERROR`. `enabled`: whether there is one. `goal`: the share of requests, 0 to 1. `rolling_days`: the period, up to 30 days."
  # object({
  #   enabled      = optional(bool, true)
  #   goal         = optional(number, 0.99)
  #   rolling_days = optional(number, 28)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.slo), ["?"]), local.slo_fields)) == 0
    error_message = "Unknown fields in slo: ${join(", ", setsubtract(try(keys(var.slo), []), local.slo_fields))}. It is an object with ${join(", ", local.slo_fields)}."
  }

  validation {
    condition = can([
      [for field in ["goal", "rolling_days"] : tonumber(try(var.slo[field], null))],
      tobool(try(var.slo.enabled, null)),
    ])
    error_message = "In slo, enabled is true or false, and the others are numbers."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = try(var.slo.goal > 0 && var.slo.goal < 1, true)
    error_message = "A goal is above 0 and below 1: 0.99 is 99 % of the requests."
  }

  validation {
    condition     = try(var.slo.rolling_days >= 1 && var.slo.rolling_days <= 30, true)
    error_message = "The period of an objective is 1 to 30 days."
  }
}

variable "sweeps" {
  description = <<-EOT
    Sweeps that triggers may start, by name. `targets`: lists of operations, of `service` (in `version`) under `parents`, as
    in `projects/my-project/locations/us-central1`; or, with `jobs`, lists of these kinds of jobs (`["*"]` for all). `older_than`, `confirm_within`: in seconds, `86400s`. `match`,
    `exclude`: patterns by field, as in `{ name = ["**/operations/*"] }`. `limit`: maximum number of requests of a run.
    `dry_run`: true by default, so nothing is cancelled. `approvable`: whether `trigger_publishers` may have what a dry
    run found cancelled, by its id and within a day; false by default. A target can have rules of its own, which replace
    those of the sweep.
  EOT
  # map(object({
  #   approvable     = optional(bool, false)
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
  #     jobs           = optional(list(string))
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
      tobool(try(sweep.approvable, null)),
      [for target in sweep.targets : regex(".", target.service)],
      [for rules in concat([sweep], sweep.targets) : [
        [for field in ["confirm_within", "filter", "older_than", "version"] : tostring(try(rules[field], null))],
        tobool(try(rules.dry_run, null)),
        tonumber(try(rules.limit, null)),
        [for field in ["jobs", "parents"] : [for entries in [try(rules[field], null)] : join(",", entries) if entries != null]],
        [for field in ["exclude", "match"] : [
          for globs in [try(rules[field], null)] : [for patterns in [for key in keys(globs) : globs[key]] : join(",", patterns)] if globs != null
        ]],
      ]],
    ]]])
    error_message = "Must be sweeps by their names, each with a list of targets, each with a service: approvable and dry_run are true or false, limit a number, jobs and parents are lists of strings, exclude and match are lists of strings by field, as in { name = [\"**/operations/*\"] }, and the others are strings${join("", try([
      for name in keys(var.sweeps) : ", which ${name} is not" if !can([for sweep in [var.sweeps[name]] : [
        tobool(try(sweep.approvable, null)),
        [for target in sweep.targets : regex(".", target.service)],
        [for rules in concat([sweep], sweep.targets) : [
          [for field in ["confirm_within", "filter", "older_than", "version"] : tostring(try(rules[field], null))],
          tobool(try(rules.dry_run, null)),
          tonumber(try(rules.limit, null)),
          [for field in ["jobs", "parents"] : [for entries in [try(rules[field], null)] : join(",", entries) if entries != null]],
          [for field in ["exclude", "match"] : [
            for globs in [try(rules[field], null)] : [for patterns in [for key in keys(globs) : globs[key]] : join(",", patterns)] if globs != null
          ]],
        ]],
      ]])
    ], []))}."
  }

  # The validations below can rely on the types that those above have checked.

  validation {
    condition     = alltrue([for name in try(keys(var.sweeps), []) : can(regex("^[A-Za-z][A-Za-z0-9._-]{0,62}$", name))])
    error_message = "A sweep's name begins with a letter and has letters, digits, \".\", \"_\" and \"-\", up to 63, which these have not: ${join(", ", [for name in try(keys(var.sweeps), []) : "\"${name}\"" if !can(regex("^[A-Za-z][A-Za-z0-9._-]{0,62}$", name))])}."
  }

  validation {
    condition     = alltrue([for sweep in var.sweeps : try(length(sweep.targets) > 0, true)])
    error_message = "A sweep needs at least one target, which ${join(", ", [for name, sweep in var.sweeps : name if !try(length(sweep.targets) > 0, true)])} has not."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(contains(keys(var.services), trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
    ]]))
    error_message = "Sweeps list operations of a service that is not in services, so the function could neither list nor cancel them: ${join(", ", try(flatten([
      for name, sweep in var.sweeps : [
        for index in range(try(length(sweep.targets), 0)) : "${name}.targets[${index}] of ${sweep.targets[index].service}"
        if !contains(keys(var.services), trimsuffix(sweep.targets[index].service, ".googleapis.com"))
      ]
    ]), []))}."
  }

  # The function does not start with a sweep over a service that ALLOWED_SERVICES forbids.
  validation {
    condition = contains(var.allowed_services, "*") || alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(contains([for service in var.allowed_services : trimsuffix(service, ".googleapis.com")], trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
    ]]))
    error_message = "Sweeps list a service that is not in allowed_services: ${join(", ", flatten([
      for name, sweep in var.sweeps : [
        for index in range(try(length(sweep.targets), 0)) : "${name}.targets[${index}] of ${sweep.targets[index].service}"
        if !try(contains([for service in var.allowed_services : trimsuffix(service, ".googleapis.com")], trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) : can(regex("^[^/]+(/[^/]+)*$", parent)) if parent != null
      ]
    ]]))
    error_message = "A parent contains the operations, and has no slash at its beginning or end, as in projects/my-project/locations/us-central1: see ${join(", ", flatten([
      for name, sweep in var.sweeps : [for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) : "${name}.targets[${index}] in \"${parent}\""
        if parent != null && !can(regex("^[^/]+(/[^/]+)*$", parent))
      ]]
    ]))}."
  }

  # Another version may have other lists: the function knows.
  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(length(sweep.targets[index].parents) > 0, false) || try(sweep.targets[index].jobs != null || sweep.targets[index].version != null, false) || try(contains(local.services_without_parents, trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
    ]]))
    error_message = "A target needs the parents of its operations, as in parents = [\"projects/my-project/locations/us-central1\"], unless it is of one of ${join(", ", local.services_without_parents)}: see ${join(", ", try(flatten([
      for name, sweep in var.sweeps : [
        for index in range(try(length(sweep.targets), 0)) : "${name}.targets[${index}]"
        if !try(length(sweep.targets[index].parents) > 0, false) && !try(sweep.targets[index].jobs != null || sweep.targets[index].version != null, false) && !contains(local.services_without_parents, trimsuffix(sweep.targets[index].service, ".googleapis.com"))
      ]
    ]), []))}."
  }

  # The function refuses operations of other projects, so such a sweep would find none that it may cancel.
  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) :
        local.any_project || contains(local.allowed_names, try(regex("^projects/([a-z][^/]*)", parent)[0], local.allowed_names[0]))
        if parent != null
      ]
    ]]))
    error_message = "Sweeps list operations of projects that are not in allowed_projects: ${join(", ", try(flatten([
      for name, sweep in var.sweeps : [for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) : "${name}.targets[${index}] in ${parent}"
        if !contains(local.allowed_names, try(regex("^projects/([a-z][^/]*)", parent)[0], local.allowed_names[0]))
      ]]
    ]), []))}."
  }

  # Services with a host for each location list one location at a time.
  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) :
        try(!strcontains(parent, "/locations/-") || !contains(local.services_of_one_location, trimsuffix(sweep.targets[index].service, ".googleapis.com")), true)
        if parent != null && try(sweep.targets[index].jobs, null) == null
      ]
    ]]))
    error_message = "${join(", ", local.services_of_one_location)} have a host for each location and take no locations/-: list the locations. Wrong are ${join(", ", try(flatten([
      for name, sweep in var.sweeps : [for index in range(try(length(sweep.targets), 0)) : [
        for parent in try(flatten([sweep.targets[index].parents]), []) : "${name}.targets[${index}]"
        if strcontains(parent, "/locations/-") && contains(local.services_of_one_location, trimsuffix(sweep.targets[index].service, ".googleapis.com")) && try(sweep.targets[index].jobs, null) == null
      ]]
    ]), []))}."
  }

  # The function refuses kinds that ALLOWED_JOBS does not name, and would lack their permissions.
  validation {
    condition = length(flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : kind if !contains(lookup(local.service_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), []), kind)], [])
    ]])) == 0
    error_message = "Sweeps list jobs of kinds that are not in services: ${join(", ", flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : "${name}.targets[${index}] of ${kind}" if !contains(lookup(local.service_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), []), kind)], [])
    ]]))}. The kinds of jobs of a service are in its jobs in services."
  }

  validation {
    condition = length(flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : kind if contains(local.unlisted_job_kinds, kind)], [])
    ]])) == 0
    error_message = "These jobs have no list, so a sweep cannot find them: ${join(", ", flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : "${name}.targets[${index}] of ${kind}" if contains(local.unlisted_job_kinds, kind)], [])
    ]]))}."
  }

  validation {
    condition = length(flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : kind if !contains(local.job_kinds_of_all_locations, kind) && anytrue([for parent in coalesce(try(sweep.targets[index].parents, null), []) : can(regex("/(locations|regions)/-(/|$)", parent))])], [])
    ]])) == 0
    error_message = "Only ${join(", ", local.job_kinds_of_all_locations)} are listed in all locations at once: name the locations of ${join(", ", flatten([for name, sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) : try([for kind in flatten([for kind in sweep.targets[index].jobs : kind == "*" ? lookup(local.usual_job_kinds, trimsuffix(sweep.targets[index].service, ".googleapis.com"), ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.*"]) : ["${trimsuffix(sweep.targets[index].service, ".googleapis.com")}.${kind}"]]) : "${name}.targets[${index}] of ${kind}" if !contains(local.job_kinds_of_all_locations, kind) && anytrue([for parent in coalesce(try(sweep.targets[index].parents, null), []) : can(regex("/(locations|regions)/-(/|$)", parent))])], [])
    ]]))}."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(sweep.targets[index].jobs, null) == null || try(length(sweep.targets[index].parents) > 0 && length(sweep.targets[index].jobs) > 0, false)
    ]]))
    error_message = "A target of jobs needs kinds and parents, as in jobs = [\"*\"] and parents = [\"projects/my-project/locations/us-central1\"], which these have not: ${join(", ", flatten([
      for name, sweep in var.sweeps : [
        for index in range(try(length(sweep.targets), 0)) : "${name}.targets[${index}]"
        if try(sweep.targets[index].jobs, null) != null && !try(length(sweep.targets[index].parents) > 0 && length(sweep.targets[index].jobs) > 0, false)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [
      for index in range(try(length(sweep.targets), 0)) :
      try(sweep.targets[index].jobs, null) != null || !try(contains(local.services_of_jobs, trimsuffix(sweep.targets[index].service, ".googleapis.com")), false)
    ]]))
    error_message = "Sweeps list operations of services whose entry in services has jobs alone: name the jobs in the target, or say operations = true in services, for ${join(", ", flatten([
      for name, sweep in var.sweeps : [
        for index in range(try(length(sweep.targets), 0)) : "${name}.targets[${index}] of ${sweep.targets[index].service}"
        if try(sweep.targets[index].jobs, null) == null && try(contains(local.services_of_jobs, trimsuffix(sweep.targets[index].service, ".googleapis.com")), false)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([for sweep in var.sweeps : [for field in ["confirm_within", "older_than"] : [
      for duration in concat([try(sweep[field], null)], [
        for index in range(try(length(sweep.targets), 0)) : try(sweep.targets[index][field], null)
      ]) : can(regex("^[0-9]+(\\.[0-9]+)?s$", duration)) if duration != null
    ]]]))
    error_message = "Durations are in seconds, as in \"86400s\", which these are not: ${join(", ", flatten([
      for name, sweep in var.sweeps : [for field in ["confirm_within", "older_than"] : [
        for place, duration in merge({ "" = try(sweep[field], null) }, {
          for index in range(try(length(sweep.targets), 0)) : ".targets[${index}]" => try(sweep.targets[index][field], null)
        }) : "${name}${place}.${field}" if duration != null && !can(regex("^[0-9]+(\\.[0-9]+)?s$", duration))
      ]]
    ]))}."
  }

  validation {
    condition     = alltrue([for sweep in var.sweeps : try(sweep.limit >= 1, true)])
    error_message = "A limit must be at least 1, which that of ${join(", ", [for name, sweep in var.sweeps : name if !try(sweep.limit >= 1, true)])} is not."
  }
}

variable "topics" {
  description = "Full names of existing topics, as in `projects/my-bus/topics/requests`, for `requests` and `results`. Those that are not named are made. The subscriptions are made in the function's project, and require `pubsub.topics.attachSubscription` on the topics."
  # object({
  #   requests = optional(string)
  #   results  = optional(string)
  # })
  type     = any
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(try(keys(var.topics), ["?"]), local.topic_fields)) == 0
    error_message = "There are no topics for ${join(", ", setsubtract(try(keys(var.topics), []), local.topic_fields))}. Existing topics are for ${join(" and ", local.topic_fields)}."
  }

  validation {
    condition     = alltrue([for key in try(keys(var.topics), []) : can(regex("^projects/[^/]+/topics/[^/]+$", var.topics[key]))])
    error_message = "Each must be the full name of a topic, projects/{project}/topics/{topic}, which ${join(", ", [for key in try(keys(var.topics), []) : key if !can(regex("^projects/[^/]+/topics/[^/]+$", var.topics[key]))])} is not."
  }

  validation {
    condition     = try(var.topics.requests, "requests") != try(var.topics.results, "results")
    error_message = "Requests and results are two topics: the function would read its results as requests."
  }
}

variable "trigger_publishers" {
  description = "Members that may start sweeps, and approve dry runs of those that are `approvable`, besides Cloud Scheduler and Cloud Billing, as in `group:finops@example.com`. A map, with keys of your choice, can also have members that are known only after apply."
  # list(string), or map(string)
  type     = any
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for member in var.trigger_publishers : can(regex("^[A-Za-z]+:[^:].*$", member))])
    error_message = "Each must be a member such as \"serviceAccount:…\" or \"group:…\", which ${join(", ", [for key, member in var.trigger_publishers : try("\"${member}\"", key) if !can(regex("^[A-Za-z]+:[^:].*$", member))])} is not. Everybody (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "vpc" {
  description = "Serverless VPC Access: the `connector`, as in `projects/my-network/locations/europe-west1/connectors/functions`, and the `egress` that goes through it, `PRIVATE_RANGES_ONLY` or `ALL_TRAFFIC`."
  # object({
  #   connector = string
  #   egress    = optional(string, "PRIVATE_RANGES_ONLY")
  # })
  type    = any
  default = null

  validation {
    condition     = var.vpc == null || length(setsubtract(try(keys(var.vpc), ["?"]), local.vpc_fields)) == 0
    error_message = "Unknown fields in vpc: ${join(", ", setsubtract(try(keys(var.vpc), []), local.vpc_fields))}. It is an object with ${join(", ", local.vpc_fields)}."
  }

  validation {
    condition     = var.vpc == null || can(regex("^(projects/[^/]+/locations/[^/]+/connectors/)?[^/]+$", var.vpc.connector))
    error_message = "The connector must be projects/{project}/locations/{location}/connectors/{connector}."
  }

  validation {
    condition     = contains(["PRIVATE_RANGES_ONLY", "ALL_TRAFFIC"], try(coalesce(var.vpc.egress), "PRIVATE_RANGES_ONLY"))
    error_message = "The egress is PRIVATE_RANGES_ONLY or ALL_TRAFFIC."
  }
}

variable "worker_pool" {
  description = "Private pool of Cloud Build that builds the function, as in `projects/my-project/locations/europe-west1/workerPools/builds`."
  type        = string
  default     = null

  validation {
    condition     = var.worker_pool == null || can(regex("^projects/[^/]+/locations/[^/]+/workerPools/[^/]+$", var.worker_pool))
    error_message = "Must be projects/{project}/locations/{location}/workerPools/{pool}."
  }
}
