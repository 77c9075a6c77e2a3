//! Nanoseconds a packet of the cobs crate, the best of five rounds: `name nanoseconds` a line.
use std::hint::black_box;
use std::time::Instant;

fn nanoseconds(mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..200_000 {
            work();
        }
        best = best.min(start.elapsed().as_nanos() as f64 / 200_000.0);
    }
    best
}

fn main() {
    let length: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(256);
    let packet: Vec<u8> = (0..length).map(|i| ((i * 37 + (i >> 3)) & 0xff) as u8).collect();
    let mut frame = vec![0u8; cobs::max_encoding_length(length)];
    let used = cobs::encode(&packet, &mut frame);
    let mut out = vec![0u8; frame.len()];
    let encode = nanoseconds(|| {
        black_box(cobs::encode(black_box(&packet), &mut out));
    });
    let decode = nanoseconds(|| {
        let _ = black_box(cobs::decode(black_box(&frame[..used]), &mut out));
    });
    println!("cobs-crate-encode {encode}");
    println!("cobs-crate-decode {decode}");
}
