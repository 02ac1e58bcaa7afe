package org.centerloss.data;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.centerloss.data.fetch.Progress;
import org.centerloss.data.folder.FolderUse;
import org.centerloss.data.image.ImageOptions;

/**
 * What may be told when a data set is loaded.
 *
 * @param dataDir the folder to look in first, null for none
 * @param checksum whether the files of known data sets must be the published ones
 * @param images how a folder of images is read
 * @param skipBroken whether images of a folder that cannot be read are left out, rather than
 *     refused
 * @param use what a folder of images is read for
 * @param notices told, in one line each, what a user should know although loading goes on
 * @param progress told how far the decoding of a folder of images has come
 */
public record DatasetOptions(
        Path dataDir,
        boolean checksum,
        ImageOptions images,
        boolean skipBroken,
        FolderUse use,
        Consumer<String> notices,
        Progress progress) {
    /** No folder of the user's own, checksums compared, to train on, nobody told. */
    public static final DatasetOptions DEFAULT =
            new DatasetOptions(
                    null, true, ImageOptions.AS_THEY_ARE, notice -> {}, (done, total) -> {});

    /** To train on, where every image can be read. */
    public DatasetOptions(
            Path dataDir,
            boolean checksum,
            ImageOptions images,
            Consumer<String> notices,
            Progress progress) {
        this(dataDir, checksum, images, false, FolderUse.BEGIN, notices, progress);
    }
}
