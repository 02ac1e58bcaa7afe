package org.centerloss.report.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * Agglomerative clustering by average linkage (UPGMA, Sokal and Michener 1958): time and again the
 * two clusters are merged whose members have the smallest mean distance.
 *
 * @param items the number of things clustered
 * @param merges in the order in which they happen; {@code items − 1} of them
 */
record AverageLinkage(int items, List<Merge> merges) {

    /**
     * @param left a cluster: an item, or {@code items} + the index of an earlier merge
     * @param right another one
     * @param distance the mean distance between members of one and of the other
     */
    record Merge(int left, int right, double distance) {}

    /**
     * Clusters things; of equally near pairs the one with the smallest numbers is merged first.
     *
     * @param distances [items][items], symmetric and finite
     */
    static AverageLinkage of(double[][] distances) {
        int items = distances.length;
        double[][] mean = new double[items][];
        int[] cluster = new int[items];
        int[] size = new int[items];
        for (int i = 0; i < items; i++) {
            mean[i] = distances[i].clone();
            cluster[i] = i;
            size[i] = 1;
        }
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < items - 1) {
            int a = -1;
            int b = -1;
            for (int i = 0; i < items; i++) {
                for (int j = i + 1; j < items && size[i] > 0; j++) {
                    if (size[j] > 0 && (a < 0 || mean[i][j] < mean[a][b])) {
                        a = i;
                        b = j;
                    }
                }
            }
            merges.add(new Merge(cluster[a], cluster[b], mean[a][b]));
            for (int k = 0; k < items; k++) {
                double joined = (size[a] * mean[a][k] + size[b] * mean[b][k]) / (size[a] + size[b]);
                mean[a][k] = joined;
                mean[k][a] = joined;
            }
            cluster[a] = items + merges.size() - 1;
            size[a] += size[b];
            size[b] = 0;
        }
        return new AverageLinkage(items, merges);
    }

    /** The items in the order in which the tree can be drawn without crossings. */
    List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        if (items > 0) {
            visit(items + merges.size() - 1, order);
        }
        return order;
    }

    private void visit(int cluster, List<Integer> order) {
        if (cluster < items) {
            order.add(cluster);
        } else {
            visit(merges.get(cluster - items).left(), order);
            visit(merges.get(cluster - items).right(), order);
        }
    }
}
