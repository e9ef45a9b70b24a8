//! What every attache client shares.
