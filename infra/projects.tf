locals {
  allowed_projects = length(var.allowed_projects) == 0 ? [var.project_id] : var.allowed_projects
  project_number   = data.google_project.this[var.project_id].number
}

# Services write either a project's id or its number into the names of operations, and Google names its service
# agents by the number.
data "google_project" "this" {
  for_each   = toset(concat([var.project_id], local.allowed_projects))
  project_id = each.key
}
