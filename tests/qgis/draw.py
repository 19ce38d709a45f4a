"""Draws a project as QGIS shows it, into a PNG: for `docs/qgis.md`. Run by the Python that QGIS is installed for.

python3 draw.py PROJECT PNG XMIN YMIN XMAX YMAX
"""

import os
import sys

from qgis.core import (
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def main(project_path, picture, *box):
    """Draw the shown layers of a project."""
    application = QgsApplication([], True)
    application.initQgis()
    project = QgsProject.instance()
    project.read(project_path)
    settings = QgsMapSettings()
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1200, 800))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(QgsRectangle(*map(float, box)))
    shown = {each.layerId() for each in project.layerTreeRoot().findLayers() if each.isVisible()}
    settings.setLayers([each for each in project.layerTreeRoot().layerOrder() if each.id() in shown])
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    os._exit(0)


main(*sys.argv[1:])
