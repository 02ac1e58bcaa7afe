package org.centerloss.data.fetch;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A file that can be downloaded.
 *
 * @param name its name, at the mirrors and here
 * @param maxBytes the most that it may have, packed or unpacked
 * @param find what is there already in a folder, in any form that the data set can be read from
 * @param check throws an {@link org.centerloss.base.InputException} where something is not the
 *     published file
 */
record RemoteFile(
        String name, long maxBytes, Function<Path, Optional<Path>> find, Consumer<Path> check) {}
