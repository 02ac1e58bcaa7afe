package org.centerloss.fuzz;

import java.nio.file.Path;

/**
 * A reader of files, and a sound file that it reads.
 *
 * @param name what failures call it, and what chooses it
 * @param file whose content is damaged; no other target's reader reads it
 * @param mutator how
 * @param cost roughly, in tenths of a millisecond: dear readers get fewer inputs
 * @param protectedByChecksum whether every other content must be refused
 * @param reader reads the file and all that goes with it
 */
public record Target(
        String name,
        Path file,
        Mutator mutator,
        int cost,
        boolean protectedByChecksum,
        Reader reader) {
    /** Reads, and uses what was read as the program does. */
    public interface Reader {
        void read() throws Exception;
    }

    public Target(String name, Path file, Mutator mutator, int cost, Reader reader) {
        this(name, file, mutator, cost, false, reader);
    }
}
