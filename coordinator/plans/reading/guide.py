"""The words of the template's guide sheet. Examples are DATA CONTOH."""

TITLE = "Panduan mengisi rencana aksi"
STEPS = (
    "1. Isi lembar “Rencana” (rencana apa ini), lalu “Strategi”, lalu “Aksi”.",
    "2. Di lembar “Aksi”, satu baris berisi satu indikator. Aksi dengan dua indikator memakai dua "
    "baris: di baris kedua ulangi Kode, lalu isi indikator dan targetnya saja.",
    "3. Sel yang berpanah diisi dari daftar. Beberapa pendukung dipisahkan titik koma (;).",
    "4. Target ditulis angka saja: 12, bukan “12 kali”. Kosong berarti tanpa target. Persen "
    "ditulis 80, bukan 0,8.",
    "5. Jangan mengubah baris judul. Kolom ID yang tersembunyi menghubungkan baris dengan riwayat "
    "laporannya; untuk aksi baru biarkan kosong.",
    "6. Aksi yang dihentikan tidak dihapus: tulis alasannya di kolom “Tidak dilanjutkan karena”.",
    "7. Target hanya untuk satu tingkat? Tambahkan kolom berjudul “Target nasional 2026”, “Target "
    "provinsi 2026”, atau “Target kabupaten/kota 2026”.",
    "8. Jangan menulis nama, NIK, nomor KK, nomor telepon, atau data korban di mana pun.",
    "9. Unggah di halaman Rencana. Sebelum diterapkan, Anda melihat dahulu apa yang baru, apa yang "
    "berubah, dan apa yang salah. Tidak ada yang berubah sebelum Anda menekan Terapkan.",
)
COLUMNS_TITLE = ("Kolom", "Wajib", "Isi", "Contoh (DATA CONTOH)")
COLUMNS = (
    ("Strategi", "ya", "Nomor strategi dari lembar “Strategi”.", "1"),
    ("Kode", "ya", "Kode aksi dalam rencana, ditulis sebagai teks.", "1.1"),
    ("Aksi", "ya", "Judul aksi.", "Sosialisasi di sekolah (DATA CONTOH)"),
    ("Pokja", "ya", "Pokja yang membawahkan aksi ini.", "Pencegahan"),
    ("Tugas gugus tugas", "", "Salah satu dari lima tugas gugus tugas.", "advokasi"),
    ("Penanggung jawab", "", "Satu instansi. Boleh kosong bila belum diputuskan.", "Dinas A"),
    ("Pendukung", "", "Satu atau beberapa instansi, dipisahkan titik koma.", "Dinas B; Dinas C"),
    ("Indikator", "ya", "Apa yang diukur.", "Jumlah sosialisasi"),
    ("Satuan", "", "Satuan target.", "kali"),
    (
        "Jenis indikator",
        "",
        "Angka, persen, ya/tidak (1 = ya), atau tonggak (1 pada tahun jatuh temponya).",
        "angka",
    ),
    ("Arah yang baik", "", "Makin besar atau makin kecil yang baik.", "makin besar makin baik"),
    (
        "Cara menghitung",
        "",
        "“dijumlahkan”: angka tiap periode dijumlahkan sepanjang tahun. “keadaan per periode”: "
        "yang dilihat keadaan pada periode itu.",
        "dijumlahkan",
    ),
    ("Target 2025 dan seterusnya", "", "Target setahun. Kosong: tanpa target.", "12"),
    (
        "Pertanyaan di laporan",
        "",
        "Yang ditanyakan kepada instansi. Kosong: dibuat dari indikator.",
        "Berapa kali sosialisasi dilakukan?",
    ),
    ("Asal aksi", "", "Dari mana aksi ini. Kosong: nama berkas dan baris.", "usulan rapat"),
    ("Dasar hukum", "", "Peraturan yang menjadi dasar aksi ini, bila ada.", ""),
    ("Uraian tugas", "", "ID uraian tugas di pemetaan, dipisahkan titik koma.", ""),
    ("Aksi RAN yang dijalankan", "", "Untuk RAD: ID aksi nasional yang dijalankan.", ""),
    ("Tidak dilanjutkan karena", "", "Alasan aksi dihentikan. Kosong: masih berjalan.", ""),
)
OF_PLAN = {
    "id": "Nama tetap: huruf kecil, angka, tanda hubung. Contoh: rad-tppo-2025-2029.",
    "kind": "RAN (nasional) atau RAD (daerah).",
    "title": "Judul lengkap rencana.",
    "status": "“ditetapkan” hanya bila peraturannya sudah terbit.",
    "sample": "“ya” bila isinya contoh: ditandai DATA CONTOH di semua halaman.",
    "first_year": "Tahun pertama rencana.",
    "last_year": "Tahun terakhir rencana.",
    "basis": "Perpres, Pergub, atau Perbup/Perwali yang menetapkannya. Rancangan: kosong.",
    "source": "Dari mana berkas ini.",
    "note": "Catatan untuk pembaca.",
    "task_force": "RAD saja: kode Kemendagri, misalnya 64 atau 64.72.",
    "national": "RAD saja: ID rencana nasional yang dijalankan.",
}
