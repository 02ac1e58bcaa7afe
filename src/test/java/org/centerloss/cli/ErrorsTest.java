package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.centerloss.train.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static void assertRefused(TinyRun.Result result, String... facts) {
        assertEquals(1, result.code(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        for (String fact : facts) {
            assertTrue(result.err().contains(fact), result.err());
        }
    }

    /** The header alone says that it takes 20,000,000 pixels of 64 bits. */
    @Test
    void anImageThatCannotFitIsRefusedByItsHeader() throws Exception {
        byte[] png = Files.readAllBytes(TinyRun.image(folder.resolve("small.png"), 12, 0, 9));
        ByteBuffer.wrap(png).putInt(16, 5000).putInt(20, 4000).put(24, (byte) 16).put(25, (byte) 6);
        CRC32 checksum = new CRC32();
        checksum.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) checksum.getValue());
        Path images = folder.resolve("images");
        for (String name : List.of("a/1.png", "a/2.png", "b/1.png", "b/2.png")) {
            Files.createDirectories(images.resolve(name).getParent());
            Files.write(images.resolve(name), png);
        }
        Path run = folder.resolve("run");
        TinyRun.Result result =
                run(
                        Map.of(),
                        List.of("-Xmx64m"),
                        "train --device cpu --dataset %s --out %s".formatted(images, run));
        assertRefusedAtLast(
                result, "1.png: an image of 4000 × 5000 pixels: needs 171 MB of memory");
        assertFalse(Files.exists(run));
    }

    /** After notes. */
    private static void assertRefusedAtLast(TinyRun.Result result, String fact) {
        assertEquals(1, result.code(), result.err());
        assertTrue(result.err().lines().allMatch(l -> l.startsWith("centerloss: ")), result.err());
        assertTrue(result.err().contains(fact), result.err());
    }

    @Test
    void aNetworkThatIsTooLargeForAFileIsRefusedBeforeAnythingIsMade() {
        Path images = new TinyRun(folder).makeImages();
        Path run = folder.resolve("run");
        for (String size : List.of("--width 1000", "--blocks 1000 --width 9")) {
            String line =
                    "train --device cpu --batch-size 4 --dataset %s --out %s %s"
                            .formatted(images, run, size);
            assertRefused(
                    TinyRun.run(line.split(" ")),
                    "the network: expected at most 536870911 numbers",
                    "give a smaller --width, --blocks or --feat-dim");
            assertFalse(Files.exists(run));
        }
    }

    /** What cannot be planned on the device; a smaller one is tried under the same name. */
    @Test
    void aRunThatCannotBePlannedLeavesNoFolderThatCannotBeUsed() throws IOException {
        Path images = new TinyRun(folder).makeImages();
        Path existing = Files.createDirectory(folder.resolve("existing"));
        Path run = folder.resolve("run");
        for (Path out : List.of(existing, run)) {
            String line =
                    "train --device cpu --batch-size 4 --epochs 1 --no-report --dataset %s --out %s"
                            .formatted(images, out);
            TinyRun.Result large = TinyRun.run((line + " --image-size 2048 --width 8").split(" "));
            assertRefused(large, "use smaller batches");
            assertEquals(out == existing, Files.exists(out));
            TinyRun.Result small = TinyRun.run(line.split(" "));
            assertEquals(0, small.code(), small.err());
        }
    }

    @Test
    void aRunThatIsGoneOnWithKeepsItsFolderWhateverHappens() {
        Path run = new TinyRun(folder).train("standalone");
        Path config = run.resolve("config.json");
        try (RunDirectory opened = RunDirectory.open(run)) {
            opened.abandon();
        }
        assertTrue(Files.exists(config));
        assertTrue(Files.exists(RunDirectory.last(run)));
    }

    @ParameterizedTest
    @CsvSource({
        "--channels 2147483647,the network: expected at most 536870911 numbers",
        "--feat-dim 2147483647,the network: expected at most 536870911 numbers",
        "--side 2147483647,use smaller batches",
        "--batch-size 999999999,use smaller batches",
        "--epoch 2147483647,--epoch: expected images of at most"
    })
    void benchmarksThatAreTooLargeAreRefused(String size, String fact) {
        String line = "bench step --device cpu --batch-size 4 --steps 1 " + size;
        if (size.startsWith("--batch-size")) {
            line = line.replace("--batch-size 4 ", "");
        }
        assertRefused(TinyRun.run(line.split(" ")), fact);
    }
}
