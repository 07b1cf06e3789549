# Names, and the projects whose operations may be cancelled. Services write either a project's id or its number into the
# names of operations, so the function gets both.

locals {
  name = var.name_prefix == null ? var.name : "${var.name_prefix}-${var.name}"

  # Elements of a list have numbers as keys, those of a map have names. Only keys are looked at, because the values can
  # be unknown until projects of the same configuration are made.
  listed_projects = { for key, project in var.allowed_projects : project => { id = project } if can(tonumber(key)) }
  keyed_projects  = { for key, project in var.allowed_projects : key => project if !can(tonumber(key)) }

  # "*" leaves the choice to roles that are granted elsewhere, in folders or an organization.
  any_project = contains(keys(local.listed_projects), "*")

  # Ids that the parents of a sweep may have.
  allowed_names = length(var.allowed_projects) == 0 ? [var.project_id] : concat(
    keys(local.listed_projects), [for project in local.keyed_projects : project.id],
  )

  projects_to_look_up = merge(
    { for key, project in local.listed_projects : key => project.id if key != "*" },
    { for key, project in local.keyed_projects : key => project.id if !contains(keys(project), "number") },
  )

  # The ids and numbers of the allowed projects by key, without the function's own where it is the only one.
  named_projects = merge(
    { for key, id in local.projects_to_look_up : key => { id = id, number = data.google_project.allowed[key].number } },
    {
      for key, project in local.keyed_projects : key => { id = project.id, number = project.number }
      if contains(keys(project), "number")
    },
  )

  # The projects that the function gets roles in.
  target_projects = length(var.allowed_projects) == 0 ? { own = var.project_id } : {
    for key, project in local.named_projects : key => project.id
  }

  # The agent's name has the number of the project. As an attribute of a resource it is in the state, and known when a
  # plan is made, even where `depends_on` on this module defers its data sources.
  project_number = var.project_number != null ? var.project_number : (
    var.enable_apis ?
    regex("[0-9]+", google_project_service_identity.agent["pubsub"].email) :
    data.google_project.own[0].number
  )

  # Both names of each project that the function knows: a rule for one holds for the other.
  project_numbers = distinct(concat(
    ["${var.project_id}=${local.project_number}"],
    [for project in local.named_projects : "${project.id}=${project.number}"],
  ))
}

data "google_project" "allowed" {
  for_each   = local.projects_to_look_up
  project_id = each.value
}

data "google_project" "own" {
  count = var.enable_apis ? 0 : 1
  # A number that is known only after apply defers the look-up: the project may not exist yet.
  project_id = var.project_number == null ? var.project_id : var.project_number
}
