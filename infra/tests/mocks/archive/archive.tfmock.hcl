# The tests' mocks of the archive provider: no test needs a bundle on disk.

mock_data "archive_file" {
  defaults = { output_sha256 = "0123abcd" }
}
