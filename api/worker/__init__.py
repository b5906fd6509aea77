"""The worker: claims runs, has them solved in a process apart, judges the plans and keeps them."""
