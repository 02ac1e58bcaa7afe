package org.centerloss.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.StatUtils;

/**
 * One workload of this program beside another's: the rounds, both measured in turn in each.
 *
 * @param ours a measurement for each round
 * @param theirs a measurement for each round
 */
record Comparison(
        Workload workload, String peer, List<Measurement> ours, List<Measurement> theirs) {
    /** How far numbers may lie apart that both must agree on: the peers' distances lose digits. */
    private static final double RELATIVE_TOLERANCE = 1e-3;

    /** Takes one contender's figures. */
    interface Meter {
        Measurement measure(String contender, Workload workload);
    }

    /** Measures A, B, A, B, … */
    static Comparison run(Meter meter, Workload workload, String peer, int rounds) {
        List<Measurement> ours = new ArrayList<>();
        List<Measurement> theirs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ours.add(meter.measure("Centerloss", workload));
            theirs.add(meter.measure(peer, workload));
        }
        return new Comparison(workload, peer, ours, theirs);
    }

    double ourSeconds() {
        return median(seconds(ours));
    }

    double theirSeconds() {
        return median(seconds(theirs));
    }

    /** Of each round, how many times as long the peer takes; sorted. */
    double[] ratios() {
        double[] ratios = new double[ours.size()];
        Arrays.setAll(ratios, i -> theirs.get(i).seconds() / ours.get(i).seconds());
        Arrays.sort(ratios);
        return ratios;
    }

    double ratio() {
        return median(ratios());
    }

    double ourBytes() {
        return median(bytes(ours));
    }

    double theirBytes() {
        return median(bytes(theirs));
    }

    /** What the two do not agree on, in words; empty where they do the same. */
    List<String> disagreements() {
        Map<String, Double> expected = new TreeMap<>(ours.get(0).results());
        Map<String, Double> found = new TreeMap<>(theirs.get(0).results());
        if (!expected.keySet().equals(found.keySet())) {
            return List.of("results %s and %s".formatted(expected.keySet(), found.keySet()));
        }
        List<String> disagreements = new ArrayList<>();
        expected.forEach(
                (name, value) -> {
                    double other = found.get(name);
                    if (!(Math.abs(other - value) <= RELATIVE_TOLERANCE * Math.abs(value))) {
                        disagreements.add("%s %s and %s".formatted(name, value, other));
                    }
                });
        return disagreements;
    }

    private static double[] seconds(List<Measurement> rounds) {
        return rounds.stream().mapToDouble(Measurement::seconds).toArray();
    }

    private static double[] bytes(List<Measurement> rounds) {
        return rounds.stream().mapToDouble(Measurement::bytes).toArray();
    }

    private static double median(double[] values) {
        return StatUtils.percentile(values, 50);
    }
}
