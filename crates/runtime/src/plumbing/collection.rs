//! Reads values that contain values from texts with arrays and objects: lists, maps, what may be `null`,
//! and what must not be shown.
//!
//! The methods are compiled again for each type that a client reads. They are therefore only loops around the methods of a
//! reader, which are compiled once.

/// Gives the type `Reader` of a module, which reads arrays, objects and `null` and records what must not be
/// shown, the functions that read collections and members.
macro_rules! read_collections {
    () => {
        /// A function that reads a value.
        type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T>;

        /// Reads values into the members of a structure. Generated code has one such call for each member, which returns nothing
        /// but an error: there is one `?` for all members of a structure, and no old value that is dropped in each place.
        /// The functions take pointers, because a closure has a type of its own, for which they would be compiled again.
        impl<'a> Reader<'a> {
            /// Reads `null` or a value into a member.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn set<T>(&mut self, member: &mut Option<T>, read: Read<'a, T>) -> Result<()> {
                *member = match self.null()? {
                    true => None,
                    false => Some(read(self)?),
                };
                Ok(())
            }

            /// Reads a value into a member, which has its default if there is `null`.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn set_or_default<T: Default>(
                &mut self,
                member: &mut T,
                read: Read<'a, T>,
            ) -> Result<()> {
                *member = match self.null()? {
                    true => T::default(),
                    false => read(self)?,
                };
                Ok(())
            }

            /// Reads `null` or a value that must not be shown (`smithy.api#sensitive`) into a member.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn set_sensitive<T>(
                &mut self,
                member: &mut Option<T>,
                read: Read<'a, T>,
            ) -> Result<()> {
                self.begin_sensitive();
                self.set(member, read)?;
                self.end_hidden();
                Ok(())
            }

            /// Reads `null` or an array into a member, as [`list`](Self::list) does.
            ///
            /// # Errors
            /// When the next value is neither, and those of `item`.
            pub fn set_list<T>(
                &mut self,
                member: &mut Option<Vec<T>>,
                item: Read<'a, T>,
            ) -> Result<()> {
                *member = match self.null()? {
                    true => None,
                    false => Some(self.list(item)?),
                };
                Ok(())
            }
        }

        impl Reader<'_> {
            /// Reads `null`, or whatever `read` reads.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn nullable<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T>,
            ) -> Result<Option<T>> {
                // Each `?` and each adapter is compiled again for each kind of member.
                match self.null() {
                    Ok(false) => match read(self) {
                        Ok(value) => Ok(Some(value)),
                        Err(error) => Err(error),
                    },
                    Ok(true) => Ok(None),
                    Err(error) => Err(error),
                }
            }

            /// Reads `null`, or whatever `read` reads, for a boxed member.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn boxed<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T>,
            ) -> Result<Option<Box<T>>> {
                if self.null()? {
                    return Ok(None);
                }
                self.charge_allocation(size_of::<T>())?;
                read(self).map(|value| Some(Box::new(value)))
            }

            /// Reads like [`nullable`](Self::nullable) a value that must not be shown (`smithy.api#sensitive`).
            ///
            /// # Errors
            /// Those of `read`.
            pub fn sensitive<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T>,
            ) -> Result<Option<T>> {
                self.begin_sensitive();
                let value = self.nullable(read)?;
                self.end_hidden();
                Ok(value)
            }

            /// Reads like [`boxed`](Self::boxed) a value that must not be shown.
            ///
            /// # Errors
            /// Those of `read`.
            pub fn sensitive_boxed<T>(
                &mut self,
                read: impl FnOnce(&mut Self) -> Result<T>,
            ) -> Result<Option<Box<T>>> {
                self.begin_sensitive();
                let value = self.boxed(read)?;
                self.end_hidden();
                Ok(value)
            }

            /// Reads an array into a list. Elements that are `null` are left out: a Smithy list has none unless it is
            /// sparse (Smithy 2.0, "Type refinement traits", section "sparse trait").
            ///
            /// # Errors
            /// When the next value is no array, and those of `item`.
            pub fn list<T>(
                &mut self,
                mut item: impl FnMut(&mut Self) -> Result<T>,
            ) -> Result<Vec<T>> {
                let mut list = Vec::new();
                let mut elements = self.array()?;
                while self.item(&mut elements, list.len(), list.capacity(), size_of::<T>())? {
                    list.push(item(self)?);
                }
                Ok(list)
            }

            /// Whether there is one more element that is not `null`, for which there is room. It is compiled once for all
            /// lists.
            fn item(
                &mut self,
                elements: &mut super::Elements,
                length: usize,
                capacity: usize,
                size: usize,
            ) -> Result<bool> {
                while self.element(elements)? {
                    if !self.null()? {
                        self.charge_element(length, capacity, size)?;
                        return Ok(true);
                    }
                }
                Ok(false)
            }

            /// Reads an array into a list that may hold nulls.
            ///
            /// # Errors
            /// When the next value is no array, and those of `item`.
            pub fn sparse_list<T>(
                &mut self,
                mut item: impl FnMut(&mut Self) -> Result<T>,
            ) -> Result<Vec<Option<T>>> {
                let mut list = Vec::new();
                let mut elements = self.array()?;
                while self.element(&mut elements)? {
                    self.charge_element(list.len(), list.capacity(), size_of::<Option<T>>())?;
                    list.push(if self.null()? {
                        None
                    } else {
                        Some(item(self)?)
                    });
                }
                Ok(list)
            }

            /// Reads an object into a map. Of equal keys the last one counts; values that are `null` are left out.
            ///
            /// # Errors
            /// When the next value is no object, and those of `value`.
            pub fn map<K: From<String> + Ord, T>(
                &mut self,
                mut value: impl FnMut(&mut Self) -> Result<T>,
            ) -> Result<BTreeMap<K, T>> {
                let mut map = BTreeMap::new();
                let mut fields = self.object()?;
                while let Some(key) = self.key(&mut fields)? {
                    let key = K::from(self.own(key)?);
                    if self.null()? {
                        map.remove(&key);
                    } else {
                        self.charge_entry(map.len(), size_of::<(K, T)>())?;
                        map.insert(key, value(self)?);
                    }
                }
                Ok(map)
            }

            /// Reads an object into a map that may hold nulls. Of equal keys the last one counts.
            ///
            /// # Errors
            /// When the next value is no object, and those of `value`.
            pub fn sparse_map<K: From<String> + Ord, T>(
                &mut self,
                mut value: impl FnMut(&mut Self) -> Result<T>,
            ) -> Result<BTreeMap<K, Option<T>>> {
                let mut map = BTreeMap::new();
                let mut fields = self.object()?;
                while let Some(key) = self.key(&mut fields)? {
                    let key = K::from(self.own(key)?);
                    self.charge_entry(map.len(), size_of::<(K, Option<T>)>())?;
                    let entry = if self.null()? {
                        None
                    } else {
                        Some(value(self)?)
                    };
                    map.insert(key, entry);
                }
                Ok(map)
            }
        }
    };
}

pub(super) use read_collections;
