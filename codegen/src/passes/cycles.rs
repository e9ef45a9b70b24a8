//! Says which types can hold themselves, through whatever is between (Tarjan, "Depth-first search and linear graph
//! algorithms", 1972, with a stack of its own: models nest deeper than a thread's stack).

use crate::error::Result;
use crate::ir::{Service, TypeId};

/// Marks every type that is part of a cycle.
pub(super) fn mark(service: &mut Service) -> Result<()> {
    let edges: Vec<Vec<TypeId>> = service
        .types
        .iter()
        .map(|definition| {
            let fields = definition.fields().iter();
            fields.flat_map(|field| field.ty.named()).collect()
        })
        .collect();
    let mut search = Search {
        edges: &edges,
        order: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        open: Vec::new(),
        is_open: vec![false; edges.len()],
        recursive: vec![false; edges.len()],
        next: 0,
    };
    for start in 0..edges.len() {
        search.visit(start);
    }
    for (definition, recursive) in service.types.iter_mut().zip(search.recursive) {
        definition.usage.recursive = recursive;
    }
    Ok(())
}

struct Search<'a> {
    edges: &'a [Vec<TypeId>],
    order: Vec<Option<usize>>,
    /// The first type, in the order of the visits, that is known to be reached again.
    lowest: Vec<usize>,
    /// The types whose component is not known yet.
    open: Vec<usize>,
    is_open: Vec<bool>,
    recursive: Vec<bool>,
    next: usize,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.order[start].is_some() {
            return;
        }
        self.begin(start);
        // Types, and which of their edges comes next.
        let mut path = vec![(start, 0)];
        while let Some((id, edge)) = path.pop() {
            let Some(target) = self.edges[id].get(edge) else {
                self.end(id);
                if let Some((above, _)) = path.last() {
                    self.lowest[*above] = self.lowest[*above].min(self.lowest[id]);
                }
                continue;
            };
            path.push((id, edge + 1));
            match self.order[target.0] {
                None => {
                    self.begin(target.0);
                    path.push((target.0, 0));
                }
                Some(order) if self.is_open[target.0] => {
                    self.lowest[id] = self.lowest[id].min(order);
                }
                Some(_) => {}
            }
        }
    }

    fn begin(&mut self, id: usize) {
        self.order[id] = Some(self.next);
        self.lowest[id] = self.next;
        self.next += 1;
        self.open.push(id);
        self.is_open[id] = true;
    }

    /// Takes a component from the open types, where this one is its first.
    fn end(&mut self, id: usize) {
        if self.order[id] != Some(self.lowest[id]) {
            return;
        }
        let begin = self.open.iter().rposition(|open| *open == id);
        let component = self.open.split_off(begin.unwrap_or(self.open.len()));
        let holds_itself = self.edges[id].contains(&TypeId(id));
        let recursive = component.len() > 1 || holds_itself;
        for member in component {
            self.is_open[member] = false;
            self.recursive[member] = recursive;
        }
    }
}
