package org.centerloss.data.folder;

import java.util.List;
import org.centerloss.data.Part;

/**
 * What a folder of images is read for.
 *
 * @param purpose decides which images are for what
 * @param known the files that a run was made with; empty where it keeps no list of them
 * @param heldOutClasses classes of those that were held out of training
 * @param wanted the one part whose images are decoded; null for all
 */
public record FolderUse(
        Purpose purpose, List<DataFile> known, List<String> heldOutClasses, Part wanted) {
    /** What is done with the images. */
    public enum Purpose {
        /** A run begins. */
        BEGIN,
        /** A run goes on, with exactly the images that it began with. */
        GO_ON,
        /** A run's own folder is measured: what the run knows keeps its part. */
        MEASURE_OWN,
        /**
         * Another folder is measured: all of it, or where it has {@code train/}, {@code val/} or
         * {@code test/} what is wanted of them.
         */
        MEASURE_OTHER
    }

    /** A run begins. */
    public static final FolderUse BEGIN = new FolderUse(Purpose.BEGIN, List.of(), List.of(), null);

    /** A run goes on. */
    public static FolderUse goOn(List<DataFile> known) {
        return new FolderUse(Purpose.GO_ON, known, List.of(), null);
    }

    boolean wants(Part part) {
        return wanted == null || wanted == part;
    }
}
