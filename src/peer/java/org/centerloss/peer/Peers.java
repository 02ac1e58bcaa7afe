package org.centerloss.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures this program and libtorch in turn and prints the ratios, as a table and as Markdown.
 * Arguments: rounds, threads (0 for all processors), file for the Markdown.
 */
final class Peers {
    private static final double MOST_BUSY = 0.1;
    private static final int[][] LOSS_SHAPES = {
        {128, 2}, {1024, 16}, {4096, 2}, {4096, 16}, {4096, 128}
    };

    /** A process for each measurement, so that none sees another's memory, threads or caches. */
    private record OwnProcess(int threads, Path log) implements Comparison.Meter {
        @Override
        public Measurement measure(String contender, Workload workload) {
            try {
                Process process =
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Measurement.class.getName(),
                                        Peers.class.getPackageName() + "." + contender,
                                        Integer.toString(threads),
                                        workload.kind().name(),
                                        Integer.toString(workload.batch()),
                                        Integer.toString(workload.features()))
                                .redirectError(log.toFile())
                                .start();
                byte[] output = process.getInputStream().readAllBytes();
                if (process.waitFor() != 0) {
                    System.err.print(Files.readString(log));
                    throw new IllegalStateException(
                            "%s failed at: %s".formatted(contender, workload.title()));
                }
                return new ObjectMapper().readValue(output, Measurement.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private Peers() {}

    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        int rounds = Integer.parseInt(args[0]);
        int given = Integer.parseInt(args[1]);
        int threads = given > 0 ? given : Runtime.getRuntime().availableProcessors();
        Path markdown = Path.of(args[2]).toAbsolutePath();
        List<String> machine = new ArrayList<>(Machine.describe(threads));
        machine.add("rounds: " + rounds);
        double busy = Machine.busy();
        if (busy > MOST_BUSY) {
            machine.add(
                    "NOT TO BE TRUSTED: other programs took %.0f %% of the processors"
                            .formatted(100 * busy));
        }
        machine.forEach(System.out::println);
        System.out.println(ComparisonTable.head());
        Comparison.Meter meter =
                new OwnProcess(threads, markdown.resolveSibling("measurement.log"));
        List<Comparison> comparisons = new ArrayList<>();
        boolean agreed = true;
        for (Row row : rows()) {
            Comparison comparison = Comparison.run(meter, row.workload(), row.peer(), rounds);
            System.out.println(ComparisonTable.line(comparison));
            for (String disagreement : comparison.disagreements()) {
                System.out.println("  DISAGREE: " + disagreement);
                agreed = false;
            }
            comparisons.add(comparison);
        }
        Files.writeString(markdown, ComparisonTable.markdown(machine, comparisons));
        System.out.println("written to " + markdown);
        System.exit(agreed ? 0 : 1);
    }

    private record Row(Workload workload, String peer) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(new Workload(Workload.Kind.TRAINING, 128, 2), "Libtorch"));
        rows.add(new Row(new Workload(Workload.Kind.EVALUATION, 128, 2), "Libtorch"));
        for (int[] shape : LOSS_SHAPES) {
            Workload losses = new Workload(Workload.Kind.LOSSES, shape[0], shape[1]);
            rows.add(new Row(losses, "Libtorch"));
            rows.add(new Row(losses, "LibtorchInPlace"));
        }
        return rows;
    }
}
