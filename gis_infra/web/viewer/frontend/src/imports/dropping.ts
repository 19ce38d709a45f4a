// What was dropped on the map, or chosen: files, and the files of folders, without what no import has a use for.

/** Suffixes that the server takes: gis_infra/processes/uploads/receiving.py, to which a test holds this list. */
export const TAKEN: readonly string[] = [
  ".zip", ".shp", ".kmz", ".shz", ".gpkg", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".fgb", ".tab", ".mif", ".dxf", ".kml", ".csv", ".tsv", ".txt",
  ".shx", ".dbf", ".prj", ".cpg", ".cst", ".qpj", ".sbn", ".sbx", ".qix", ".xml",
  ".dat", ".map", ".id", ".ind", ".mid", ".csvt", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal",
];
const MOST = 2000; // entries of a folder that are looked at

export interface Dropped {
  files: File[];
  /** Names of files of a folder that were left out. */
  left: string[];
}

/** Files as they were dropped: of a folder those an import can take, of what was named itself all. */
export async function listDropped(transfer: DataTransfer): Promise<Dropped> {
  // The list is empty as soon as the event is over, so the entries are taken before anything is waited for.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((each) => each !== null);
  const folders = entries.filter((each) => each.isDirectory);
  if (folders.length === 0) {
    return { files: [...transfer.files], left: [] };
  }
  const own = await Promise.all(entries.filter((each) => each.isFile).map((each) => readFile(each as FileSystemFileEntry)));
  const found: File[] = [];
  for (const folder of folders) {
    await visit(folder as FileSystemDirectoryEntry, found);
  }
  return sift(found, own);
}

/** The files of a folder that an import can take, beside those that were named themselves. */
export function sift(found: readonly File[], own: readonly File[] = []): Dropped {
  const isTaken = ({ name }: File): boolean => TAKEN.includes(name.slice(name.lastIndexOf(".")).toLowerCase());
  return { files: [...own, ...found.filter(isTaken)], left: found.filter((each) => !isTaken(each)).map(({ name }) => name) };
}

async function visit(folder: FileSystemDirectoryEntry, found: File[]): Promise<void> {
  const reader = folder.createReader();
  for (let entries = await readSome(reader); entries.length > 0; entries = await readSome(reader)) {
    for (const entry of entries) {
      if (found.length >= MOST) {
        return;
      }
      await (entry.isDirectory
        ? visit(entry as FileSystemDirectoryEntry, found)
        : readFile(entry as FileSystemFileEntry).then((file) => found.push(file)));
    }
  }
}

/** Some of the entries of a folder: browsers give a hundred at a time, and none at the end. */
function readSome(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function readFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
