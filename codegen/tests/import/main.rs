//! The importers: what each key of C2J becomes, the normal form, and the two published sources against each other.

mod conversions;
mod cross_check;
mod difference;
mod mixins;
mod normal_form;
mod reference;
