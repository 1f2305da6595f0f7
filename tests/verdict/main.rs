//! How good is the verdict? Random releases, good and bad, judged by it and by two simpler rules.
mod judges;
mod world;
use judges::*;
use world::*;
const TRAFFIC: [f64; 10] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5000.0];
const BASE: [f64; 7] = [0.0, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01];
const FAULT: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0];
const DELAY: [f64; 5] = [0.0, 30.0, 60.0, 120.0, 180.0];
fn main() {
    let good_runs: u64 = std::env::var("GOOD").map_or(2000, |it| it.parse().unwrap());
    let bad_runs: u64 = std::env::var("BAD").map_or(200, |it| it.parse().unwrap());
    let policy = policy();
    let began = std::time::Instant::now();
    let mut cells = 0;
    let mut worst = 0.0f64;
    let mut missed = 0;
    let mut missed_rate = 0;
    let work: Vec<(usize, usize)> = (0..TRAFFIC.len())
        .flat_map(|t| (0..BASE.len()).map(move |b| (t, b)))
        .collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(&(t, b)) = work.get(i) else { break };
                    let service = Service {
                        traffic: TRAFFIC[t],
                        errors: BASE[b],
                    };
                    let mut good = [[0u64; 3]; 5];
                    let mut gt = [0.0; 5];
                    let mut bad = [[[0u64; 3]; 5]; 10];
                    let mut bt = [[0.0; 5]; 10];
                    for run in 0..good_runs {
                        let mut r = random(t, b, run);
                        let release = Release::new(service, 0.0, &mut r);
                        for (d, delay) in DELAY.iter().enumerate() {
                            let e = verdict(&release, *delay, &policy);
                            good[d][0] += u64::from(e.flipped_back);
                            gt[d] += e.seconds;
                            good[d][1] += u64::from(article(&release, *delay));
                            good[d][2] += u64::from(fixed_rate(&release, *delay));
                        }
                        if run < bad_runs {
                            for (f, fault) in FAULT.iter().enumerate() {
                                let release = release.clone().to(service, *fault, &mut r);
                                for (d, delay) in DELAY.iter().enumerate() {
                                    let e = verdict(&release, *delay, &policy);
                                    bad[f][d][0] += u64::from(e.flipped_back);
                                    if e.flipped_back {
                                        bt[f][d] += e.seconds;
                                    }
                                    bad[f][d][1] += u64::from(article(&release, *delay));
                                    bad[f][d][2] += u64::from(fixed_rate(&release, *delay));
                                }
                            }
                        }
                    }
                    results.lock().unwrap().push((t, b, good, gt, bad, bt));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|it| (it.0, it.1));
    for (t, b, good, _gt, bad, _bt) in &results {
        for d in 0..5 {
            if good[d][0] > 0 {
                println!(
                    "FALSE traffic {} base {} delay {}: {}",
                    TRAFFIC[*t], BASE[*b], DELAY[d], good[d][0]
                );
            }
        }
        for d in 0..5 {
            for f in 0..10 {
                cells += 1;
                let g = |k: usize| good[d][k] as f64 / good_runs as f64;
                let c = |k: usize| bad[f][d][k] as f64 / bad_runs as f64;
                worst = worst.max(g(0));
                let right = |k: usize| g(k) <= 0.01 && c(k) >= 0.99;
                if right(1) && c(0) < 0.9 {
                    missed += 1;
                    println!(
                        "ARTICLE traffic {} base {} fault {} delay {}: ours {} article {}",
                        TRAFFIC[*t],
                        BASE[*b],
                        FAULT[f],
                        DELAY[d],
                        c(0),
                        c(1)
                    );
                }
                if right(2) && c(0) < 0.9 {
                    missed_rate += 1;
                    println!(
                        "RATE traffic {} base {} fault {} delay {}: ours {} rate {}",
                        TRAFFIC[*t],
                        BASE[*b],
                        FAULT[f],
                        DELAY[d],
                        c(0),
                        c(2)
                    );
                }
            }
        }
    }
    println!("took {:?}", began.elapsed());
    println!("missed_rate={missed_rate}");
    println!(
        "verdict: cells={cells} false_flip_back_max={worst} missed_that_article_catches={missed}"
    );
}
