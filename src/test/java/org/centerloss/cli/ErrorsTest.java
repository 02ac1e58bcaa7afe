package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM throws where memory or a place for shared libraries is missing becomes one line. */
class ErrorsTest {
    @TempDir private Path folder;

    private static TinyRun.Result run(
            Map<String, String> environment, List<String> jvmOptions, String arguments)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(ChildProgram.command(jvmOptions, arguments.split(" ")));
        builder.environment().putAll(environment);
        return ChildProgram.run(builder);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperf"))
                    .toList();
        }
    }

    @Test
    void noPlaceForSharedLibrariesIsNamedWithTheRemedy() throws Exception {
        Map<String, String> nowhere = Map.of("CENTERLOSS_CACHE", "/proc/none");
        TinyRun.Result result = run(nowhere, List.of(), "verify --device cpu");
        assertEquals(1, result.code());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("(/proc/none/native: "), result.err());
        assertTrue(result.err().contains("by CENTERLOSS_CACHE"), result.err());
    }

    @Test
    void withoutACacheTheProgramWorksAndLeavesNoLibrariesBehind() throws Exception {
        TinyRun.Result result =
                run(
                        Map.of("XDG_CACHE_HOME", "/proc/none", "CENTERLOSS_CACHE", ""),
                        List.of("-Djava.io.tmpdir=" + folder),
                        "devices");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("oneDNN"), result.out());
        assertEquals(List.of(), left());
    }

    @Test
    void tooLittleMemoryIsToldInOneLine() throws Exception {
        TinyRun.Result result =
                run(
                        Map.of(),
                        List.of("-Xmx12m"),
                        "train --device cpu --max-steps 1 --no-report --out "
                                + folder.resolve("run"));
        assertEquals(1, result.code());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("centerloss: out of memory: "), result.err());
    }
}
