//! Counts the memory of the values that a reader returns, by kind of value.
//!
//! Nothing here has type parameters, so a list or a map adds only one call to each type that is read.

/// Gives the type `Reader` of a module, which has a `budget`, the functions that count memory.
macro_rules! count_memory {
    () => {
        #[allow(dead_code, reason = "a reader that only STS needs keeps no lists")]
        impl Reader<'_> {
            /// Counts the memory of the default values of a structure, without the structure itself.
            ///
            /// # Errors
            /// When that exceeds the value limit.
            #[inline]
            pub fn defaults(&mut self, bytes: usize) -> Result<()> {
                let fits = self.budget.take(bytes);
                self.within_limit(fits)
            }

            #[inline]
            pub(super) fn charge_allocation(&mut self, bytes: usize) -> Result<()> {
                let fits = self.budget.allocation(bytes);
                self.within_limit(fits)
            }

            pub(super) fn charge_element(
                &mut self,
                length: usize,
                capacity: usize,
                size: usize,
            ) -> Result<()> {
                let fits = self.budget.element(length, capacity, size);
                self.within_limit(fits)
            }

            pub(super) fn charge_entry(&mut self, length: usize, size: usize) -> Result<()> {
                let fits = self.budget.entry(length, size);
                self.within_limit(fits)
            }

            /// An owned copy of a text.
            pub(super) fn own(&mut self, text: std::borrow::Cow<'_, str>) -> Result<String> {
                let bytes = match &text {
                    std::borrow::Cow::Borrowed(text) => text.len(),
                    // Made of parts, its capacity may be larger than needed.
                    std::borrow::Cow::Owned(text) => text.capacity(),
                };
                self.charge_allocation(bytes)?;
                Ok(text.into_owned())
            }

            #[inline]
            fn within_limit(&self, fits: bool) -> Result<()> {
                match fits {
                    true => Ok(()),
                    false => Err(self.exhausted()),
                }
            }

            #[cold]
            fn exhausted(&self) -> Error {
                self.error(self.budget.exhausted())
            }
        }
    };
}

pub(super) use count_memory;
