package org.centerloss.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run among the tests; {@code make fuzz} runs it for long. */
class FuzzTest {
    private static final long SEED = Long.getLong("centerloss.seed", 0);
    private static final long SHORT = 2000;
    private static final long INPUTS = Long.getLong("centerloss.fuzz.inputs", SHORT);
    private static final long FIRST = Long.getLong("centerloss.fuzz.first", 0);
    private static final String READER = System.getProperty("centerloss.fuzz.reader", "");

    @TempDir private Path folder;

    @Test
    void everyReaderReadsOrRefusesInWords() throws IOException {
        List<Target> targets =
                FuzzTargets.in(folder).stream().filter(t -> t.name().contains(READER)).toList();
        assertFalse(targets.isEmpty(), "no reader " + READER);
        PrintStream log =
                INPUTS == SHORT ? new PrintStream(OutputStream.nullOutputStream()) : System.out;
        List<String> findings =
                new Fuzzer(SEED, Path.of("target", "fuzz"), log).run(targets, FIRST, INPUTS);
        assertEquals(List.of(), findings, "seed " + SEED);
    }
}
