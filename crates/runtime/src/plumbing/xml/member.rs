//! Reads values into the members of a structure.
//!
//! Generated code has one such call for each member. A call that returns nothing but an error compiles in less time than
//! an assignment: there is one `?` for all members of a structure, and no old value that is dropped in each place. The
//! functions take pointers, because a closure has a type of its own, for which they would be compiled again.

use super::{Reader, Result};
use crate::timestamp::{Timestamp, TimestampFormat};

/// A function that reads a value.
type Read<'a, T> = fn(&mut Reader<'a>) -> Result<T>;

impl<'a> Reader<'a> {
    /// Reads a value into a member.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn set<T>(&mut self, member: &mut Option<T>, read: Read<'a, T>) -> Result<()> {
        *member = Some(read(self)?);
        Ok(())
    }

    /// Reads a value into a member that is absent if the element is empty, as [`present`](Self::present) does.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn set_present<T>(&mut self, member: &mut Option<T>, read: Read<'a, T>) -> Result<()> {
        *member = self.present(read)?;
        Ok(())
    }

    /// Reads the children of the element into a member, as [`list`](Self::list) does.
    ///
    /// # Errors
    /// Those of `item`.
    pub fn set_list<T>(&mut self, member: &mut Option<Vec<T>>, item: Read<'a, T>) -> Result<()> {
        *member = Some(self.list(item)?);
        Ok(())
    }

    /// Reads a text into a member.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    pub fn set_string(&mut self, member: &mut Option<String>) -> Result<()> {
        self.set(member, Self::string)
    }

    /// Reads a boolean into a member.
    ///
    /// # Errors
    /// As [`boolean`](Self::boolean).
    pub fn set_boolean(&mut self, member: &mut Option<bool>) -> Result<()> {
        self.set_present(member, Self::boolean)
    }

    /// Reads a 32-bit integer into a member.
    ///
    /// # Errors
    /// As [`integer`](Self::integer).
    pub fn set_integer(&mut self, member: &mut Option<i32>) -> Result<()> {
        self.set_present(member, Self::integer)
    }

    /// Reads a timestamp into a member.
    ///
    /// # Errors
    /// As [`timestamp`](Self::timestamp).
    pub fn set_timestamp(
        &mut self,
        member: &mut Option<Timestamp>,
        format: TimestampFormat,
    ) -> Result<()> {
        *member = self.present(|reader| reader.timestamp(format))?;
        Ok(())
    }
}
