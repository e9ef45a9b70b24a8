//! In a pipe: the workflow of the demo for both services, the form of the output, and the exit statuses.
