//! Finds the states of an automaton that no text distinguishes (Hopcroft's algorithm).
//!
//! Moore's rounds are simpler, but need as many rounds as the longest text that is needed to distinguish two states:
//! for `{1,2048}` that is 2048 rounds over 2048 states.

/// The block of each state in the coarsest partition, and how many blocks there are.
///
/// `rows` has the next state for each state and class.
pub(super) fn coarsest(rows: &[Vec<u32>], accepts: &[bool]) -> (Vec<u32>, usize) {
    let width = rows.first().map_or(0, Vec::len);
    let sources: Vec<Sources> = (0..width).map(|class| Sources::new(rows, class)).collect();
    let mut partition = Partition::new(rows.len());
    for state in (0..rows.len()).filter(|state| accepts[*state]) {
        partition.mark(state);
    }
    partition.split_marked();
    let mut waiting: Vec<usize> = (0..partition.blocks.len()).collect();
    while let Some(block) = waiting.pop() {
        let splitter = partition.states(block).to_vec();
        for sources in &sources {
            for source in splitter.iter().flat_map(|state| sources.of(*state)) {
                partition.mark(*source);
            }
            // What is new is the smaller part, and the larger one has been waited for before, or still is.
            waiting.extend(partition.split_marked());
        }
    }
    let of = partition.of.iter().map(|block| *block as u32).collect();
    (of, partition.blocks.len())
}

/// The states from which a class leads to a state.
struct Sources {
    /// Where those of each state begin, and the end of all.
    starts: Vec<usize>,
    states: Vec<usize>,
}

impl Sources {
    fn new(rows: &[Vec<u32>], class: usize) -> Self {
        let mut starts = vec![0; rows.len() + 1];
        for row in rows {
            starts[row[class] as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut states = vec![0; rows.len()];
        for (state, row) in rows.iter().enumerate() {
            let place = &mut next[row[class] as usize];
            states[*place] = state;
            *place += 1;
        }
        Self { starts, states }
    }

    fn of(&self, state: usize) -> &[usize] {
        &self.states[self.starts[state]..self.starts[state + 1]]
    }
}

/// States in blocks, each block side by side and its marked states first.
struct Partition {
    order: Vec<usize>,
    /// The position of each state in the order.
    places: Vec<usize>,
    /// The block of each state.
    of: Vec<usize>,
    blocks: Vec<Block>,
    /// The blocks with marked states.
    touched: Vec<usize>,
}

struct Block {
    start: usize,
    end: usize,
    marked: usize,
}

impl Partition {
    fn new(states: usize) -> Self {
        Self {
            order: (0..states).collect(),
            places: (0..states).collect(),
            of: vec![0; states],
            blocks: vec![Block {
                start: 0,
                end: states,
                marked: 0,
            }],
            touched: Vec::new(),
        }
    }

    fn states(&self, block: usize) -> &[usize] {
        let block = &self.blocks[block];
        &self.order[block.start..block.end]
    }

    fn mark(&mut self, state: usize) {
        let number = self.of[state];
        let block = &mut self.blocks[number];
        let place = self.places[state];
        let free = block.start + block.marked;
        if place < free {
            return;
        }
        if block.marked == 0 {
            self.touched.push(number);
        }
        block.marked += 1;
        let other = self.order[free];
        self.order.swap(place, free);
        self.places[other] = place;
        self.places[state] = free;
    }

    /// Separates marked states from the others. The smaller part becomes a new block; these are returned.
    fn split_marked(&mut self) -> Vec<usize> {
        let mut fresh = Vec::new();
        for number in std::mem::take(&mut self.touched) {
            let block = &mut self.blocks[number];
            let middle = block.start + std::mem::take(&mut block.marked);
            if middle == block.end {
                continue;
            }
            let (start, end) = if middle - block.start <= block.end - middle {
                (std::mem::replace(&mut block.start, middle), middle)
            } else {
                (middle, std::mem::replace(&mut block.end, middle))
            };
            let new = self.blocks.len();
            for state in &self.order[start..end] {
                self.of[*state] = new;
            }
            self.blocks.push(Block {
                start,
                end,
                marked: 0,
            });
            fresh.push(new);
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::coarsest;

    /// The definition, round by round: states are apart if they accept differently, or lead to states that are apart.
    fn by_rounds(rows: &[Vec<u32>], accepts: &[bool]) -> Vec<usize> {
        let mut blocks: Vec<usize> = accepts
            .iter()
            .map(|accepts| usize::from(*accepts))
            .collect();
        for _ in 0..rows.len() {
            let mut numbers = BTreeMap::new();
            blocks = (0..rows.len())
                .map(|state| {
                    let next: Vec<usize> = rows[state]
                        .iter()
                        .map(|target| blocks[*target as usize])
                        .collect();
                    let fresh = numbers.len();
                    *numbers.entry((blocks[state], next)).or_insert(fresh)
                })
                .collect();
        }
        blocks
    }

    /// Blocks numbered by their first states.
    fn normal<T: Ord + Copy>(blocks: &[T]) -> Vec<usize> {
        let mut numbers = BTreeMap::new();
        let number = |block: &T| {
            let fresh = numbers.len();
            *numbers.entry(*block).or_insert(fresh)
        };
        blocks.iter().map(number).collect()
    }

    #[test]
    fn states_are_merged_if_and_only_if_no_text_tells_them_apart() {
        let mut seed = 1_u64;
        let mut below = |limit: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % limit
        };
        let mut merged = 0;
        for _ in 0..2_000 {
            let (states, width) = (1 + below(12), 1 + below(3));
            let rows: Vec<Vec<u32>> = (0..states)
                .map(|_| (0..width).map(|_| below(states) as u32).collect())
                .collect();
            let accepts: Vec<bool> = (0..states).map(|_| below(4) == 0).collect();
            let (blocks, count) = coarsest(&rows, &accepts);
            assert_eq!(
                normal(&blocks),
                normal(&by_rounds(&rows, &accepts)),
                "{rows:?} {accepts:?}"
            );
            assert_eq!(
                count,
                normal(&blocks).iter().max().map_or(0, |most| most + 1)
            );
            merged += usize::from(count > 1 && count < states);
        }
        assert!(
            merged > 200,
            "only {merged} of the automata had something to merge"
        );
    }
}
