# Variables of every run in this folder. A file's or a run's own variables replace them.

project_id = "my-project"
region     = "europe-west1"
services   = { notebooks = {} }
bundle     = { dir = "./tests/fixtures/bundle" }
