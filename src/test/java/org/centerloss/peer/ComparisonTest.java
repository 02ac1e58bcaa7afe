package org.centerloss.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Workload LOSSES = new Workload(Workload.Kind.LOSSES, 4096, 2);

    private static Measurement seconds(double seconds) {
        return new Measurement(seconds, 1_000_000, Map.of("intra", 1.0));
    }

    private static Comparison results(Map<String, Double> ours, Map<String, Double> theirs) {
        return new Comparison(
                LOSSES,
                "Libtorch",
                List.of(new Measurement(1, 1, ours)),
                List.of(new Measurement(1, 1, theirs)));
    }

    @Test
    void theTwoAreMeasuredInTurn() {
        List<String> calls = new ArrayList<>();
        Comparison comparison =
                Comparison.run(
                        (contender, workload) -> {
                            calls.add(contender);
                            return seconds(1);
                        },
                        LOSSES,
                        "Libtorch",
                        2);
        assertEquals(List.of("Centerloss", "Libtorch", "Centerloss", "Libtorch"), calls);
        assertEquals(2, comparison.ratios().length);
    }

    @Test
    void aRatioIsTakenWithinARoundSoThatSlowRoundsCancelOut() {
        Comparison comparison =
                new Comparison(
                        LOSSES,
                        "Libtorch",
                        List.of(seconds(1), seconds(10), seconds(2)),
                        List.of(seconds(3), seconds(30), seconds(8)));
        assertArrayEquals(new double[] {3, 3, 4}, comparison.ratios());
        assertEquals(3, comparison.ratio());
        assertEquals(2, comparison.ourSeconds());
        assertEquals(8, comparison.theirSeconds());
    }

    @Test
    void contendersThatComputeSomethingElseAreFoundOut() {
        Map<String, Double> ours = Map.of("inter", 100.0);
        assertEquals(List.of(), results(ours, Map.of("inter", 100.05)).disagreements());
        for (double wrong : new double[] {100.2, -100, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    List.of("inter 100.0 and " + wrong),
                    results(ours, Map.of("inter", wrong)).disagreements());
        }
        assertEquals(
                List.of("results [inter] and [intra]"),
                results(ours, Map.of("intra", 100.0)).disagreements());
    }

    @Test
    void theTableIsAlignedAndTheMarkdownHasTheSameFigures() {
        Comparison small =
                new Comparison(
                        LOSSES, "Libtorch", List.of(seconds(0.007)), List.of(seconds(0.108)));
        Comparison large =
                new Comparison(
                        new Workload(Workload.Kind.TRAINING, 128, 2),
                        "LibtorchInPlace",
                        List.of(seconds(0.088)),
                        List.of(new Measurement(0.135, 8_000_000, Map.of())));
        Set<Integer> lengths =
                List.of(
                                ComparisonTable.head(),
                                ComparisonTable.line(small),
                                ComparisonTable.line(large))
                        .stream()
                        .map(String::length)
                        .collect(Collectors.toSet());
        assertEquals(1, lengths.size(), ComparisonTable.line(small));
        String markdown =
                ComparisonTable.markdown(List.of("two processors"), List.of(small, large));
        assertTrue(markdown.startsWith("two processors."), markdown);
        String row =
                "| both losses, m = 4,096, d = 2 | libtorch, autograd | 7.00 ms | 108.0 ms |"
                        + " 15.43 (15.43–15.43) | 1.0 MB | 1.0 MB | 100.0 % |";
        assertTrue(markdown.contains(row), markdown);
        assertEquals(
                Set.of(9L),
                markdown.lines()
                        .filter(line -> line.startsWith("|"))
                        .map(line -> line.chars().filter(c -> c == '|').count())
                        .collect(Collectors.toSet()));
    }
}
