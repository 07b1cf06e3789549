# Deploys a release without a clone and without Node. The release has two archives: that of this module, and the zip of
# the function.

terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 6.50, < 8"
    }
  }
}

variable "project_id" {
  description = "Id of the project."
  type        = string
}

variable "region" {
  description = "Region of the function."
  type        = string
  default     = "europe-west1"
  nullable    = false
}

variable "function_zip" {
  description = "Path of the release's zip of the function, as in `lro-cancel-0.1.0.zip`."
  type        = string
}

variable "function_sha256" {
  description = "SHA-256 of that zip, from the release's manifest.json."
  type        = string
}

provider "google" {
  project = var.project_id
  region  = var.region
}

provider "google-beta" {
  project = var.project_id
  region  = var.region
}

module "lro_cancel" {
  # In your configuration: the folder infra of the release's archive of the module, unpacked, or its address, as in
  # "https://…/lro-cancel-0.1.0-module.zip//infra".
  source     = "../.."
  project_id = var.project_id
  region     = var.region
  services   = { notebooks = {} }

  bundle = {
    zip    = var.function_zip
    sha256 = var.function_sha256
  }
}

output "publish_command" {
  description = "Publishes a request, as a dry run."
  value       = module.lro_cancel.publish_command
}
