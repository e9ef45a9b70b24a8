//! Event streams between generated clients and a scripted server.

mod both;
mod frames;
mod golden_examples;
mod initial;
mod inputs;
mod mocks;
mod outputs;
mod secrecy;
mod stage;
mod tls;
