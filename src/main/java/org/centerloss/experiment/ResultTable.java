package org.centerloss.experiment;

import java.util.List;
import org.centerloss.report.page.TextTable;

/** How the results of a series are shown, and under which name they are written. */
public interface ResultTable {
    /** The name of the files, without the ending. */
    String file();

    /** For people. */
    TextTable shown(List<Result> results);

    /** The columns of {@link #shown} that a narrow terminal does without, the first one first. */
    List<String> spare();

    /** For programs: plain numbers. */
    TextTable values(List<Result> results);

    /** What must be known to read the table right; may be empty. */
    List<String> notes(List<Result> results);
}
