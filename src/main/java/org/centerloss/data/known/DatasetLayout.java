package org.centerloss.data.known;

import java.nio.file.Path;
import java.util.Optional;
import org.centerloss.data.Dataset;

/** How a known data set lies in its files: in which, under which names, in which format. */
public interface DatasetLayout {
    /** What is looked for in a place, for messages. */
    String wanted();

    /** What a place has of the data set, a folder or an archive; empty where it is not whole. */
    Optional<Path> find(Path place);

    /** What a place that has not all has nevertheless, for messages; empty where it is nothing. */
    String remark(Path place);

    /**
     * Reads the data set.
     *
     * @param found what {@link #find} gave
     * @param published given every file, once it is read
     * @throws org.centerloss.base.InputException where a file is damaged or not what it should be
     */
    Dataset read(KnownDataset known, Path found, PublishedFiles published);
}
