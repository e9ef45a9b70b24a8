//! The program `evidence` against the local services: in a pipe, in a terminal, and killed at named points.

mod breaks;
mod kills;
mod output;
mod pipe;
mod proxy;
#[cfg(unix)]
mod terminal;
mod transcript;
mod world;
