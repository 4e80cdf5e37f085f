//! Prints sets of cases.
fn main() {
    for p in std::env::args().skip(1) {
        let b = std::fs::read(&p).unwrap();
        let d = generate::read(&p, &b).unwrap();
        let s = generate::generate(&d, &generate::Options::default());
        for c in &s.cases {
            println!(
                "\n{} [{:?} {:?} {}]\n  {}",
                c.id,
                c.polarity,
                c.priority,
                c.technique.key(),
                c.title
            );
            for q in &c.source {
                println!("    SRC {}", q.text);
            }
            for x in &c.preconditions {
                println!("    PRE {x}");
            }
            for x in &c.steps {
                println!(
                    "    DO  {} {:?}",
                    x.action,
                    x.data
                        .iter()
                        .map(|d| format!("{}={}", d.name, d.value))
                        .collect::<Vec<_>>()
                );
                for e in &x.expected {
                    println!("        => {e}");
                }
            }
        }
        println!(
            "{p}: cases {} items {} merged {} questions {}",
            s.cases.len(),
            s.items.values().map(Vec::len).sum::<usize>(),
            s.merged,
            s.questions.len()
        );
        for c in &s.coverage {
            println!(
                "  {} {}/{} {}%",
                c.technique.key(),
                c.covered,
                c.feasible,
                c.percent
            );
        }
        let mut kinds = std::collections::BTreeMap::new();
        for l in &s.lint {
            kinds.entry(l.kind).or_insert_with(Vec::new).push(&l.words);
        }
        for (k, w) in kinds {
            println!("  LINT {k:?} {} {:?}", w.len(), &w[..w.len().min(40)]);
        }
    }
}
