"""Files that shops lay into a folder, here or behind SFTP, and that the hub takes by itself."""
