//! Prints how many rows each model file needs, and how long it took: `sizes 2 30 MODEL.txt …` for
//! strength 2 and effort 30.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let strength = arguments
        .next()
        .ok_or("give the strength, the effort, then model files")?
        .parse()?;
    let effort = arguments
        .next()
        .ok_or("give the effort, then model files")?
        .parse()?;
    for path in arguments {
        let model: covering::Model = std::fs::read_to_string(&path)?.parse()?;
        let begin = Instant::now();
        let options = covering::Options {
            strength,
            effort,
            ..covering::Options::default()
        };
        let rows = covering::generate(&model, &options)?;
        let took = begin.elapsed();
        println!("{:5} rows {took:7.2?} {path}", rows.rows.len());
        let begin = Instant::now();
        let report = covering::check(&model, strength, &rows.rows)?;
        let proof = if report.is_proven() {
            "proven"
        } else {
            "NOT A COVER"
        };
        println!("{proof} in {:.2?}", begin.elapsed());
    }
    Ok(())
}
