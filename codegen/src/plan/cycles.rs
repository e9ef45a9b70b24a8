//! Finds recursive types, and how deep types nest (Tarjan, "Depth-first search and linear graph algorithms", 1972, with
//! an explicit stack, because models may nest deeper than a thread's stack permits).

use crate::error::{Error, Result};
use crate::model::{Service, TypeId};

/// How deep types may nest. The compiler needs a second for these.
const DEPTH_LIMIT: usize = 500;

/// How types contain each other.
#[derive(Debug)]
pub(super) struct Cycles {
    /// For each type, whether it is part of a cycle.
    pub(super) recursive: Vec<bool>,
    /// How deep structures and unions nest.
    pub(super) depth: usize,
}

/// Finds the types that are part of cycles, and how deep types nest.
///
/// # Errors
/// Types that nest deeper than the compiler accepts.
pub(super) fn find(service: &Service) -> Result<Cycles> {
    let edges: Vec<Vec<TypeId>> = service
        .types
        .iter()
        .map(|definition| {
            let members = definition.members().iter();
            members.flat_map(|member| member.ty.named()).collect()
        })
        .collect();
    let mut search = Search {
        edges: &edges,
        order: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        open: Vec::new(),
        is_open: vec![false; edges.len()],
        recursive: vec![false; edges.len()],
        depth: vec![0; edges.len()],
        next: 0,
    };
    for start in 0..edges.len() {
        search.visit(start);
    }
    let depth = search.depth.into_iter().max().unwrap_or(0);
    if depth > DEPTH_LIMIT {
        return Err(Error::new(format!(
            "structures and unions nest {depth} deep, and {DEPTH_LIMIT} at most can be generated"
        )));
    }
    Ok(Cycles {
        recursive: search.recursive,
        depth,
    })
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
    /// How many types a value of each goes through at most, each of them counted once.
    depth: Vec<usize>,
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
        // What the component leads to is complete, for its types are left later.
        let held = component.iter().flat_map(|member| &self.edges[*member]);
        let below = held.map(|target| self.depth[target.0]).max();
        let depth = component.len() + below.unwrap_or(0);
        for member in component {
            self.is_open[member] = false;
            self.recursive[member] = recursive;
            self.depth[member] = depth;
        }
    }
}
