package org.centerloss.data.fetch;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.data.Datasets;
import org.centerloss.data.folder.PartFile;
import org.centerloss.data.known.KnownDataset;

/**
 * Downloads a data set into a folder. A file gets its final name only once it is whole and its
 * content has the published checksum; until then it is a {@link PartFile}, which a later try goes
 * on with.
 */
public final class Fetch {
    private final RemoteDataset dataset;
    private final Path folder;
    private final FetchSettings settings;
    private final FetchListener listener;
    private URI usedLast;

    /**
     * What was done.
     *
     * @param folder where the data set is now, whole and verified
     * @param fetched files that were downloaded; the others were there
     * @param files files of the data set
     */
    public record Outcome(Path folder, int fetched, int files) {}

    Fetch(RemoteDataset dataset, Path folder, FetchSettings settings, FetchListener listener) {
        this.dataset = dataset;
        this.folder = folder;
        this.settings = settings;
        this.listener = listener;
    }

    /** Whether this data set is downloaded, not part of the program. */
    public static boolean isRemote(KnownDataset known) {
        return RemoteDataset.of(known).isPresent();
    }

    /** The names of the data sets that can be downloaded. */
    public static List<String> names() {
        return Arrays.stream(KnownDataset.values())
                .filter(Fetch::isRemote)
                .map(KnownDataset::label)
                .toList();
    }

    /**
     * Downloads what is missing of a data set into its sub-folder of a folder, where {@link
     * Datasets#load} finds it. What is there is verified and kept, or replaced where it is damaged.
     *
     * @param root the folder, made where it is missing
     * @throws InputException where no mirror gives a file, or it cannot be written; nothing that is
     *     not verified stands under its final name then
     */
    public static Outcome run(
            KnownDataset known, Path root, FetchSettings settings, FetchListener listener) {
        RemoteDataset published =
                RemoteDataset.of(known)
                        .orElseThrow(
                                () -> new InputException(known.label() + ": nothing to fetch"));
        RemoteDataset dataset =
                settings.mirrors().isEmpty() ? published : published.at(settings.mirrors());
        return new Fetch(dataset, root.resolve(known.folder()), settings, listener).run();
    }

    Outcome run() {
        Runnable waiting =
                () -> listener.notice(folder + ": another process fetches into it, waiting");
        FolderLock lock = FolderLock.take(folder, waiting);
        try {
            int fetched = 0;
            for (RemoteFile file : dataset.files()) {
                if (!isThere(file)) {
                    fetch(file);
                    fetched++;
                }
            }
            return new Outcome(folder, fetched, dataset.files().size());
        } finally {
            lock.close();
        }
    }

    private boolean isThere(RemoteFile file) {
        Optional<Path> there = file.find().apply(folder);
        if (there.isEmpty()) {
            return false;
        }
        try {
            file.check().accept(there.get());
            return true;
        } catch (InputException e) {
            if (!there.get().equals(folder.resolve(file.name()))) {
                throw new InputException(
                        "%s; it would be read instead of %s, so move it away first"
                                .formatted(e.getMessage(), file.name()),
                        e);
            }
            listener.notice("fetching %s anew: %s".formatted(file.name(), e.getMessage()));
            return false;
        }
    }

    private void fetch(RemoteFile file) {
        PartFile part = new PartFile(folder.resolve(file.name()));
        List<String> failures = new ArrayList<>();
        for (URI mirror : inOrder(file, part)) {
            try {
                fetch(file, part, WebAddress.file(mirror, file.name()));
                usedLast = mirror;
                return;
            } catch (TransferException e) {
                String failure = WebAddress.place(mirror) + ": " + e.getMessage();
                failures.add(failure);
                if (failures.size() < dataset.mirrors().size()) {
                    listener.notice(
                            "%s: %s; trying the next mirror".formatted(file.name(), failure));
                }
            }
        }
        throw new InputException(
                "data set %s: %s cannot be fetched: %s; try again later, or put %s into %s by hand"
                        .formatted(
                                dataset.folder(),
                                file.name(),
                                String.join("; ", failures),
                                dataset.files().stream()
                                        .map(RemoteFile::name)
                                        .collect(Collectors.joining(", ")),
                                folder));
    }

    /** The mirrors; first the one that a part is from, then the one that gave the last file. */
    private List<URI> inOrder(RemoteFile file, PartFile part) {
        List<URI> mirrors = new ArrayList<>(dataset.mirrors());
        PartFile.Origin origin = part.origin();
        mirrors.sort((a, b) -> Integer.compare(rank(a, file, origin), rank(b, file, origin)));
        return mirrors;
    }

    private int rank(URI mirror, RemoteFile file, PartFile.Origin origin) {
        if (origin != null && origin.address().equals(WebAddress.file(mirror, file.name()))) {
            return 0;
        }
        return mirror.equals(usedLast) ? 1 : 2;
    }

    /** Downloads a file from one mirror, with as many requests as it takes. */
    private void fetch(RemoteFile file, PartFile part, URI address) throws TransferException {
        Transfer transfer = new Transfer(address, file, part, settings, listener);
        long furthest = 0;
        int idle = 0;
        while (true) {
            try {
                boolean resumed = transfer.run();
                verify(file, part, resumed);
                part.place();
                return;
            } catch (TransferException e) {
                idle = part.bytes() > furthest ? 1 : idle + 1;
                furthest = Math.max(furthest, part.bytes());
                if (!e.isPassing() || idle >= settings.attempts()) {
                    throw e;
                }
                listener.notice(
                        "%s: %s: %s; trying again"
                                .formatted(file.name(), WebAddress.place(address), e.getMessage()));
                pause(settings.pause().multipliedBy(1L << (idle - 1)));
            }
        }
    }

    private static void verify(RemoteFile file, PartFile part, boolean resumed)
            throws TransferException {
        try {
            file.check().accept(part.path());
        } catch (InputException e) {
            part.discard();
            String where = part.path() + ": ";
            String reason = e.getMessage();
            String failure =
                    "sent something else: "
                            + (reason.startsWith(where)
                                    ? reason.substring(where.length())
                                    : reason);
            // Bytes of an earlier try may be the damaged ones.
            throw resumed ? TransferException.passing(failure) : TransferException.lasting(failure);
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("fetching was interrupted; what has arrived is kept", e);
        }
    }
}
