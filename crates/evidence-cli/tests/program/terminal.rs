//! In a pseudo-terminal: bars and questions.
