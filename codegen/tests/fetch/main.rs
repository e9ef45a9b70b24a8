//! Downloads of published models: the package index, AWS's own Smithy files, single files, and what goes wrong.
//!
//! All servers are on loopback; they answer from a list and note what they were asked.

mod archive;
mod bad_sources;
mod commands;
mod documentation;
mod example_project;
mod index;
mod server;
mod settings;
mod smithy_files;
mod sources;
mod workspace;
