package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is behind a name decides how it is written, and stays what it is. */
class OutputTest {
    @TempDir private Path folder;

    private static void write(Path path, String text) {
        Output.requireWritable(path);
        Output.write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Test
    void aFileIsReplacedWithItsPermissionsAndNothingIsLeftBeside() throws IOException {
        Path file = folder.resolve("file");
        write(file, "longer than the next");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Set.of("file"), names());
    }

    /** Whoever may write into the folder could have it write into files of others. */
    @Test
    void aLinkUnderTheTemporaryNameIsNotWrittenThrough() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "of somebody else");
        Path file = folder.resolve("file");
        Files.createSymbolicLink(folder.resolve(".file.tmp"), other);
        write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals("of somebody else", Files.readString(other));
        assertEquals(Set.of("file", "other"), names());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingBeside() throws IOException {
        Path file = folder.resolve("file");
        write(file, "old");
        InputException failure =
                assertThrows(
                        InputException.class,
                        () ->
                                Output.write(
                                        file,
                                        out -> {
                                            out.write('x');
                                            throw new IOException("no more");
                                        }));
        assertTrue(failure.getMessage().contains("no more; what was there before is intact"));
        assertEquals("old", Files.readString(file));
        assertEquals(Set.of("file"), names());
    }

    @Test
    void linksAreFollowedAlsoToFilesThatAreNotThereYet() throws IOException {
        Files.createDirectory(folder.resolve("other"));
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Files.createSymbolicLink(first, Path.of("second"));
        Files.createSymbolicLink(second, Path.of("other/file"));
        for (String text : List.of("made", "replaced")) {
            write(first, text);
            assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
            assertEquals(text, Files.readString(folder.resolve("other/file")));
        }
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, Path.of("link"));
        InputException failure = assertThrows(InputException.class, () -> write(link, "x"));
        assertTrue(failure.getMessage().endsWith("links that lead in a circle"));
    }

    @Test
    void aLinkInThePlaceOfTheTemporaryFileIsNotFollowed() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "kept");
        Files.createSymbolicLink(folder.resolve(".file.tmp"), victim);
        write(folder.resolve("file"), "new");
        assertEquals("kept", Files.readString(victim));
        assertEquals("new", Files.readString(folder.resolve("file")));
    }

    @Test
    void aPipeIsWrittenInPlaceAndItsReaderGetsEverything() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, run("mkfifo", pipe.toString()));
        Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
        for (Path path : List.of(pipe, link)) {
            CompletableFuture<String> read =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return Files.readString(pipe);
                                } catch (IOException e) {
                                    return e.toString();
                                }
                            });
            String text = "0123456789".repeat(20_000);
            write(path, text);
            assertEquals(text, read.get(20, TimeUnit.SECONDS));
            assertFalse(Files.isRegularFile(pipe));
        }
        assertEquals(Set.of("pipe", "link"), names());
    }

    /** Not the device that everybody uses: a mistake would replace it. */
    @Test
    void aDeviceStaysADevice() throws Exception {
        Path device = folder.resolve("null");
        Assumptions.assumeTrue(run("mknod", device.toString(), "c", "1", "3") == 0);
        write(device, "away");
        assertTrue(Files.readAttributes(device, "*").get("isOther").equals(true));
        assertEquals(0, Files.size(device));
        assertEquals(Set.of("null"), names());
    }

    @Test
    void aFolderAndAFileInNoFolderAreRefused() {
        for (Path path : List.of(folder, folder.resolve("none/file"))) {
            InputException failure = assertThrows(InputException.class, () -> write(path, "x"));
            assertTrue(failure.getMessage().contains("expected a file in a folder that exists"));
        }
    }

    @Test
    void twoOutputsToOneFileAreRefused() throws IOException {
        Path file = folder.resolve("file");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        for (List<Path> same : List.of(List.of(file, link), List.of(Path.of("-"), Path.of("-")))) {
            InputException failure =
                    assertThrows(InputException.class, () -> Output.requireWritable(same));
            assertTrue(failure.getMessage().contains("expected another file for each output"));
        }
    }
}
