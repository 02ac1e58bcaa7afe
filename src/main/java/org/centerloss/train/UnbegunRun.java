package org.centerloss.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.centerloss.base.AtomicFile;

/** A run's folder as a process leaves it that dies before the run has a configuration. */
final class UnbegunRun {
    private UnbegunRun() {}

    /** Whether a folder has nothing in it but that. */
    static boolean is(Path folder) throws IOException {
        Path checkpoints = folder.resolve(RunDirectory.CHECKPOINTS);
        Set<Path> expected = new HashSet<>(files(folder));
        expected.addAll(List.of(folder.resolve(RunDirectory.LOCK), checkpoints));
        return hasNothingBut(expected, folder)
                && (!Files.exists(checkpoints) || hasNothingBut(expected, checkpoints));
    }

    private static boolean hasNothingBut(Set<Path> expected, Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.allMatch(expected::contains);
        }
    }

    /** Deletes what is of no use to the run that begins there. */
    static void clear(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Takes back what was made for a run that could not begin.
     *
     * @param existed whether its folder was there before
     */
    static void takeBack(Path folder, boolean existed) throws IOException {
        clear(folder);
        Files.deleteIfExists(folder.resolve(RunDirectory.CONFIG));
        Files.deleteIfExists(folder.resolve(RunDirectory.LOCK));
        List<Path> folders;
        try (Stream<Path> content = Files.list(folder)) {
            folders = content.filter(Files::isDirectory).toList();
        }
        // Those are empty, or an exception ends it.
        for (Path empty : folders) {
            Files.delete(empty);
        }
        if (!existed) {
            Files.delete(folder);
        }
    }

    private static List<Path> files(Path folder) {
        Path list = folder.resolve(RunDirectory.DATA);
        return List.of(
                list,
                AtomicFile.temporary(list),
                AtomicFile.temporary(folder.resolve(RunDirectory.CONFIG)),
                AtomicFile.temporary(RunDirectory.last(folder)),
                AtomicFile.temporary(RunDirectory.best(folder)));
    }

    /** What to tell whoever takes the folder for a run's; empty where it is none of these. */
    static String remedy(Path folder) {
        try {
            return Files.exists(folder.resolve(RunDirectory.LOCK)) && is(folder)
                    ? ": it ended before it began; start it again with --out " + folder
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
