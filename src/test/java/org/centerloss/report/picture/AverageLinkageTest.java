package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AverageLinkageTest {
    /**
     * The textbook case of five sequences (Wikipedia, UPGMA), whose merges are worked out there.
     */
    @Test
    void mergesAreThoseOfTheWorkedExample() {
        double[][] distances = {
            {0, 17, 21, 31, 23},
            {17, 0, 30, 34, 21},
            {21, 30, 0, 28, 39},
            {31, 34, 28, 0, 43},
            {23, 21, 39, 43, 0}
        };
        AverageLinkage tree = AverageLinkage.of(distances);
        assertEquals(
                List.of(
                        new AverageLinkage.Merge(0, 1, 17),
                        new AverageLinkage.Merge(5, 4, 22),
                        new AverageLinkage.Merge(2, 3, 28),
                        new AverageLinkage.Merge(6, 7, 33)),
                tree.merges());
        assertEquals(List.of(0, 1, 4, 2, 3), tree.order());
    }

    @Test
    void aLargeClusterWeighsByItsMembers() {
        // Items at 0, 1, 2 and 10 on a line: 10 is 9 from their mean.
        double[] at = {0, 1, 2, 10};
        double[][] distances = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                distances[i][j] = Math.abs(at[i] - at[j]);
            }
        }
        AverageLinkage tree = AverageLinkage.of(distances);
        assertEquals(9, tree.merges().get(2).distance(), 1e-12);
    }

    @Test
    void oneOrNoItemNeedsNoMerge() {
        assertEquals(List.of(), AverageLinkage.of(new double[0][0]).order());
        assertEquals(List.of(0), AverageLinkage.of(new double[1][1]).order());
    }
}
