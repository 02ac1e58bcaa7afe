package org.centerloss.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.centerloss.base.Columns;
import org.centerloss.cli.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code verify} on a part of what there is to verify. */
class VerifyCommandTest {
    private static TinyRun.Result verify(String options) {
        return TinyRun.run(("verify --device cpu " + options).split(" "));
    }

    /** The operations and networks that the rows are about, without what is checked in any case. */
    private static Set<String> subjects(TinyRun.Result result) {
        List<String> lines = result.out().lines().toList();
        return lines.subList(3, lines.size() - 1).stream()
                .filter(line -> !line.startsWith(" ") && !line.startsWith("device,"))
                .map(line -> line.split(",")[0])
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--op arg-max | arg max",
                "--op arg-max,sgd --op linear | arg max;sgd;linear",
                "--loss standalone | network standalone",
                "--loss raw --op addition | addition;network raw",
            })
    void onlyWhatWasAskedForIsVerified(String options, String expected) {
        TinyRun.Result result = verify(options);
        assertEquals(0, result.code(), result.err());
        assertEquals(Set.of(expected.split(";")), subjects(result));
        assertTrue(result.out().contains(" passed, 0 failed, "), result.out());
        for (String line : result.out().lines().toList()) {
            assertTrue(Columns.width(line) <= 80, line);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--op argmax | found argmax (did you mean arg-max?)",
                "--op sgd,center-los | found center-los (did you mean center-loss?)",
                "--loss standalon | found standalon (did you mean standalone?)",
                "--variant compsed | found compsed (did you mean composed?)",
                "--op sgd --golden x | --op: cannot be given with --golden",
                "--loss raw --golden x | --loss: cannot be given with --golden",
            })
    void anUnknownNameIsRefusedWithTheNearest(String options, String expected) {
        TinyRun.Result result = verify(options);
        assertEquals(2, result.code(), result.err());
        assertTrue(result.complaint().contains(expected), result.err());
    }

    @Test
    void rowsNameTheVariantThatTheyTriedAndTellWhereItLosesDigits() {
        TinyRun.Result result = verify("--variant composed --op nearest-center,arg-max");
        assertEquals(0, result.code(), result.err());
        String out = result.out();
        assertTrue(out.lines().findFirst().orElse("").endsWith(", composed"), out);
        assertTrue(out.contains("\nnearest center, composed, 33×31, 7 classes\n"), out);
        assertTrue(out.contains("\narg max, 2×31"), out);
        List<String> lines = out.lines().toList();
        String subject = "";
        int lost = 0;
        for (String line : lines) {
            subject = line.startsWith(" ") ? subject : line;
            if (line.endsWith("LOST")) {
                lost++;
                assertTrue(subject.contains("far from the origin"), subject);
            }
        }
        assertEquals(4, lost);
        assertTrue(
                lines.get(lines.size() - 1)
                        .contains(" passed, 0 failed, 4 lost digits as this variant does, "),
                out);
    }

    @Test
    void aVariantThatTheDeviceDoesNotKnowIsOneLine() {
        TinyRun.Result result =
                TinyRun.run("verify", "--device", "reference", "--variant", "naive");
        assertEquals(1, result.code());
        assertEquals(
                "centerloss: reference: there is no naive variant, only fused", result.complaint());
    }
}
